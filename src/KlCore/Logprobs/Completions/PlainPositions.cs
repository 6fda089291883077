namespace KlCore.Logprobs.Completions;

/// <summary>
/// Positions as <c>{"tokens": [ids or texts], "logprobs": [...]}</c> or <c>{"top": [[token, logprob], ...]}</c>, optionally with the <c>chosen</c>
/// token; an array of them, an object with it under <c>positions</c>, or one alone.
/// </summary>
internal sealed class PlainPositions : CompletionLayout
{
    public override CompletionFormat Format => CompletionFormat.Plain;

    public override Node? Locate(Node document)
    {
        var positions = document.Array("positions") ?? document;
        if (positions.IsObject && IsPosition(positions)) return positions;
        return positions.IsArray && Starts(positions, IsPosition) ? positions : null;
    }

    public override void Read(Node node, PositionsReader reader)
    {
        if (node.IsObject) ReadPosition(node, reader);
        else
            foreach (var position in node.Items())
            {
                if (position.IsNull) reader.Skip();
                else ReadPosition(position, reader);
            }
    }

    private static bool IsPosition(Node position) =>
        position.Array("top") is not null || (position.Array("tokens") is not null && position.Array("logprobs") is not null);

    private static void ReadPosition(Node position, PositionsReader reader)
    {
        if (position.Array("top") is { } top)
        {
            foreach (var entry in top.Items())
            {
                if (entry.Count != 2) entry.At.Add("must be [token, logprob]");
                else if (Token(entry.Item(0)!.Value) is { } token) reader.Add(token, entry.Item(1)!.Value, isRanked: true);
            }
        }
        else if (position.Array("tokens") is { } tokens && position.Array("logprobs") is { } values)
        {
            if (tokens.Count != values.Count) values.At.Add($"must have a number for each of the {tokens.Count} tokens, had {values.Count}");
            else
                for (var i = 0; i < tokens.Count; i++)
                    if (Token(tokens.Item(i)!.Value) is { } token) reader.Add(token, values.Item(i)!.Value, isRanked: true);
        }
        else position.At.Add("must have tokens and logprobs, or top");

        if (position.Member("chosen") is { } chosen && Token(chosen) is { } name) reader.Choose(name);
        reader.End(position);
    }

    private static TokenName? Token(Node token)
    {
        if (token.IsNumber) return token.Id() is { } id ? new TokenName(id, null, null) : null;
        return token.Text() is { } text ? PositionsReader.Named(text) : null;
    }
}
