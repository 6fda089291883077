namespace KlCore.Logprobs.Completions;

/// <summary><c>details.tokens[t] = {id, text, logprob, special}</c> and <c>details.top_tokens[t] = [the same, ...]</c>.</summary>
internal sealed class TextGenerationInference : CompletionLayout
{
    public override CompletionFormat Format => CompletionFormat.TextGenerationInference;

    public override Node? Locate(Node document)
    {
        var answer = First(document, "details");
        var details = answer.Member("details") ?? answer;
        return details.Array("tokens") is { } tokens && Starts(tokens, entry => entry.Member("text") is not null && entry.Member("logprob") is not null) ? details : null;
    }

    public override void Read(Node node, PositionsReader reader)
    {
        var (tokens, tops) = (node.Array("tokens")!.Value, node.Array("top_tokens"));
        if (tops is { } lists && lists.Count != tokens.Count) lists.At.Add($"must have a list for each of the {tokens.Count} tokens, had {lists.Count}");
        var index = 0;
        foreach (var token in tokens.Items())
        {
            if (tops?.Item(index++) is { IsNull: false } top)
                foreach (var entry in top.Items()) Read(entry, (name, value) => reader.Add(name, value, isRanked: true));
            Read(token, (name, value) =>
            {
                reader.AddBeside(name, value);
                reader.Choose(name);
            });
            reader.End(token);
        }
    }

    private static void Read(Node entry, Action<TokenName, Node> take)
    {
        if (entry.Field("logprob") is { } value) take(PositionsReader.Described(entry), value);
        else entry.At.Add("must be an object with text and logprob");
    }
}
