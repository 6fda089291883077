namespace KlCore.Logprobs.Completions;

/// <summary>
/// <c>choices[0].logprobs = {tokens, token_logprobs, top_logprobs: [{text: logprob} | null], text_offset}</c>; with the prompt echoed its first
/// position is null. A list has k entries, or k + 1 where the token that was drawn is none of the k.
/// </summary>
internal sealed class OpenAiCompletion : CompletionLayout
{
    public override CompletionFormat Format => CompletionFormat.OpenaiCompletion;

    public override Node? Locate(Node document)
    {
        var logprobs = Choice(document).Member("logprobs") ?? document;
        return logprobs.Array("token_logprobs") is not null || logprobs.Array("top_logprobs") is not null ? logprobs : null;
    }

    public override void Read(Node node, PositionsReader reader)
    {
        var (tokens, values, tops) = (node.Array("tokens"), node.Array("token_logprobs"), node.Array("top_logprobs"));
        var count = values?.Count ?? tops!.Value.Count;
        RequireCount(tokens, count, node, "tokens");
        RequireCount(tops, count, node, "top_logprobs");
        for (var i = 0; i < count && node.At.Total < Problems.Limit; i++)
        {
            if (tops?.Item(i) is { IsNull: false } top)
                foreach (var (text, value) in top.Members()) reader.Add(PositionsReader.Named(text), value, isRanked: true);
            var chosen = tokens?.Item(i) is { } token && token.Text() is { } name ? PositionsReader.Named(name) : (TokenName?)null;
            var scored = values?.Item(i) is { IsNull: false } item ? item : (Node?)null;
            if (chosen is { } drawn)
            {
                if (scored is { } score) reader.AddBeside(drawn, score);
                reader.Choose(drawn);
            }

            var at = tops?.Item(i) ?? values?.Item(i) ?? node;
            if (at.IsNull && scored is null) reader.Skip();
            else reader.End(at, chosenMayBeListed: true);
        }
    }

    private static void RequireCount(Node? array, int count, Node node, string name)
    {
        if (array is { } given && given.Count != count) node.At.Add(name, $"must have an element for each of the {count} positions, had {given.Count}");
    }
}
