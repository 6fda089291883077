namespace KlCore.Logprobs.Completions;

/// <summary><c>logprobs[t] = {token, logprob, bytes, top_logprobs: [...]}</c> at the top of the answer.</summary>
internal sealed class Ollama : CompletionLayout
{
    public override CompletionFormat Format => CompletionFormat.Ollama;

    public override Node? Locate(Node document) =>
        document.Array("logprobs") is { } node && Starts(node, entry => entry.Member("token") is not null && entry.Member("logprob") is not null) ? node : null;

    public override void Read(Node node, PositionsReader reader)
    {
        foreach (var position in node.Items()) OpenAiChat.ReadPosition(position, reader, chosenMayBeListed: false);
    }
}
