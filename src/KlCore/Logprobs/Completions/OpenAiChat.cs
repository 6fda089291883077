namespace KlCore.Logprobs.Completions;

/// <summary><c>choices[0].logprobs.content[t] = {token, logprob, bytes, top_logprobs: [{token, logprob, bytes}]}</c></summary>
internal sealed class OpenAiChat : CompletionLayout
{
    public override CompletionFormat Format => CompletionFormat.OpenaiChat;

    public override Node? Locate(Node document)
    {
        if (document.Array("output") is { } output) return Response(output);
        var logprobs = Choice(document).Member("logprobs") ?? document;
        var content = logprobs.Array("content") ?? (document.IsArray ? document : null);
        return content is { } node && Starts(node, IsEntry) ? node : null;
    }

    public override void Read(Node node, PositionsReader reader)
    {
        foreach (var position in node.Items()) ReadPosition(position, reader, chosenMayBeListed: true);
    }

    /// <summary>One position; vLLM puts the token that was drawn at the head of its list, in place of the k-th.</summary>
    public static void ReadPosition(Node position, PositionsReader reader, bool chosenMayBeListed)
    {
        if (!position.IsObject)
        {
            position.At.Add("must be an object with token and logprob");
            return;
        }

        if (position.Array("top_logprobs") is { } top)
            foreach (var entry in top.Items()) ReadEntry(entry, reader);
        var chosen = PositionsReader.Described(position);
        if (position.Member("logprob") is { } value) reader.AddBeside(chosen, value);
        reader.Choose(chosen);
        reader.End(position, chosenMayBeListed);
    }

    private static bool IsEntry(Node entry) => entry.Member("token") is not null && entry.Member("logprob") is not null;

    private static void ReadEntry(Node entry, PositionsReader reader)
    {
        if (entry.Field("logprob") is { } value) reader.Add(PositionsReader.Described(entry), value, isRanked: true);
        else entry.At.Add("must be an object with token and logprob");
    }

    /// <summary>The first text with log-probabilities in an answer of the Responses interface.</summary>
    private static Node? Response(Node output)
    {
        for (var i = 0; i < output.Count; i++)
        {
            if (output.Item(i)?.Array("content") is not { } content) continue;
            for (var j = 0; j < content.Count; j++)
                if (content.Item(j)?.Array("logprobs") is { Count: > 0 } logprobs) return logprobs;
        }

        return null;
    }
}
