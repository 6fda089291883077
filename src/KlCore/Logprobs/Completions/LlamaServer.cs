namespace KlCore.Logprobs.Completions;

/// <summary>
/// <c>completion_probabilities[t] = {id, token, bytes, logprob, top_logprobs: [...]}</c>; after sampling <c>prob</c> and <c>top_probs</c>; in older
/// builds <c>{content, probs: [{tok_str, prob}]}</c>. Its lists are the most likely tokens whatever was drawn.
/// </summary>
internal sealed class LlamaServer : CompletionLayout
{
    private static readonly string[] Fields = ["logprob", "prob", "probs"];

    public override CompletionFormat Format => CompletionFormat.LlamaServer;

    public override Node? Locate(Node document)
    {
        var probabilities = document.Array("completion_probabilities") ?? Choice(document).Member("logprobs")?.Array("content") ?? document.Array("content")
            ?? (document.IsArray ? document : null);
        return probabilities is { } node && Starts(node, IsEntry) ? node : null;
    }

    public override void Read(Node node, PositionsReader reader)
    {
        foreach (var position in node.Items())
        {
            if (position.Array("probs") is { } old) ReadOld(position, old, reader);
            else ReadPosition(position, reader);
        }
    }

    private static bool IsEntry(Node entry) =>
        Array.Exists(Fields, field => entry.Member(field) is not null) && (entry.Member("token") is not null || entry.Member("content") is not null);

    private static void ReadPosition(Node position, PositionsReader reader)
    {
        if (!position.IsObject)
        {
            position.At.Add("must be an object with token, and logprob or prob");
            return;
        }

        foreach (var list in (string[])["top_logprobs", "top_probs"])
        {
            if (position.Array(list) is not { } top) continue;
            foreach (var entry in top.Items()) ReadEntry(entry, (token, value, isLog) => Add(reader, token, value, isLog, isRanked: true));
        }

        ReadEntry(position, (token, value, isLog) =>
        {
            if (isLog) reader.AddBeside(token, value);
            else reader.AddProbabilityBeside(token, value);
            reader.Choose(token);
        });
        reader.End(position);
    }

    private static void ReadEntry(Node entry, Action<TokenName, Node, bool> take)
    {
        if (!entry.IsObject) entry.At.Add("must be an object with token, and logprob or prob");
        else if (entry.Member("logprob") is { } log) take(PositionsReader.Described(entry), log, true);
        else if (entry.Member("prob") is { } probability) take(PositionsReader.Described(entry), probability, false);
        else entry.At.Add("must have logprob or prob");
    }

    private static void ReadOld(Node position, Node probabilities, PositionsReader reader)
    {
        foreach (var entry in probabilities.Items())
        {
            if (entry.Member("prob") is not { } value) entry.At.Add("must be an object with tok_str and prob");
            else reader.AddProbability(PositionsReader.Described(entry), value, isRanked: true);
        }

        if (position.Member("content") is { } content && content.Text() is { } text) reader.Choose(PositionsReader.Named(text));
        reader.End(position);
    }

    private static void Add(PositionsReader reader, TokenName token, Node value, bool isLog, bool isRanked)
    {
        if (isLog) reader.Add(token, value, isRanked);
        else reader.AddProbability(token, value, isRanked);
    }
}
