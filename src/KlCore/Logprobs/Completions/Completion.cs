using System.Text.Json;

namespace KlCore.Logprobs.Completions;

/// <summary>Whose answer a document is.</summary>
public enum CompletionFormat
{
    /// <summary>To be seen from the document.</summary>
    Auto,

    /// <summary>Chat completions of OpenAI and of servers that speak its language: <c>choices[0].logprobs.content</c>; also the <c>output</c> of its Responses.</summary>
    OpenaiChat,

    /// <summary>Its older completions: <c>choices[0].logprobs</c> with <c>tokens</c>, <c>token_logprobs</c> and <c>top_logprobs</c>.</summary>
    OpenaiCompletion,

    /// <summary>vLLM's log-probabilities of a prompt: <c>prompt_logprobs</c>, keyed by token ids, with ranks.</summary>
    VllmPrompt,

    /// <summary>SGLang's generated tokens: <c>meta_info.output_top_logprobs</c> and its companions.</summary>
    Sglang,

    /// <summary>SGLang's prompt: <c>meta_info.input_top_logprobs</c> and its companions.</summary>
    SglangPrompt,

    /// <summary>llama-server: <c>completion_probabilities</c>, in its present and its older layout.</summary>
    LlamaServer,

    /// <summary>Hugging Face's Text Generation Inference: <c>details.tokens</c> and <c>details.top_tokens</c>.</summary>
    TextGenerationInference,

    /// <summary>Ollama: <c>logprobs</c> at the top.</summary>
    Ollama,

    /// <summary>TRL's vLLM server: <c>logprobs</c> and <c>logprob_token_ids</c> as nested arrays.</summary>
    TrlServer,

    /// <summary>Positions as <c>{"tokens": [...], "logprobs": [...]}</c> or <c>{"top": [[token, logprob], ...]}</c>.</summary>
    Plain,
}

/// <summary>How a document names a token: by some or all of these.</summary>
/// <param name="Id">Its number in the vocabulary.</param>
/// <param name="Bytes">Its bytes, one per character.</param>
/// <param name="Text">Its text; other tokens may have the same.</param>
public readonly record struct TokenName(int? Id, string? Bytes, string? Text)
{
    /// <summary>The clearest of its names.</summary>
    public override string ToString() => Text is not null ? $"\"{Text}\"" : Id is { } id ? $"token {id}" : "a token";
}

/// <summary>One token with its log-probability.</summary>
/// <param name="Token">Which.</param>
/// <param name="LogProbability">Its logarithm, at most 0; meaningless without a value.</param>
/// <param name="HasValue">False where the document only says that it is very unlikely.</param>
/// <param name="IsRanked">Whether it belongs to the list of the most likely tokens.</param>
/// <param name="Uncertainty">How far the logarithm may be from the true one, by the digits that were sent.</param>
public readonly record struct TokenScore(TokenName Token, double LogProbability, bool HasValue, bool IsRanked, double Uncertainty);

/// <summary>What a document tells of one position.</summary>
/// <param name="Chosen">The token that stands there, if it is known.</param>
/// <param name="Scores">The tokens it scores; none where nothing is told, as before the first token of a prompt.</param>
public sealed record CompletionPosition(TokenName? Chosen, IReadOnlyList<TokenScore> Scores);

/// <summary>A model's answer with log-probabilities, whoever wrote it.</summary>
/// <param name="Format">Whose it is.</param>
/// <param name="Positions">Its positions in order.</param>
/// <param name="IsGivenText">Whether the tokens were given and only scored, so that positions belong together without more.</param>
public sealed record Completion(CompletionFormat Format, IReadOnlyList<CompletionPosition> Positions, bool IsGivenText)
{
    /// <summary>The most significant digits that one of its numbers has.</summary>
    public int Digits { get; init; }

    /// <summary>Half a unit of the last digit of its most coarsely printed number; 0 if they are printed in full.</summary>
    public double Coarseness { get; init; }

    /// <summary>Whether its tokens were surely a prompt.</summary>
    internal bool IsPrompt => Format is CompletionFormat.VllmPrompt or CompletionFormat.SglangPrompt;

    /// <summary>Whether its tokens were surely generated; an older completion without scores at its first position echoes its prompt.</summary>
    internal bool IsGenerated => Format switch
    {
        CompletionFormat.OpenaiCompletion => Positions.Count > 0 && Positions[0].Scores.Count > 0,
        CompletionFormat.OpenaiChat or CompletionFormat.Sglang or CompletionFormat.LlamaServer or CompletionFormat.TextGenerationInference or CompletionFormat.Ollama => true,
        _ => false,
    };

    /// <summary>Reads a document. It is not ours: fields that are not known are passed over.</summary>
    /// <param name="document">A whole answer, or the part of it that holds log-probabilities.</param>
    /// <param name="problems">Where failures go, by JSON pointer.</param>
    /// <param name="format">Whose it is.</param>
    /// <param name="tolerance">How much above 0 a log-probability may be.</param>
    /// <returns>What was read, or null with at least one failure.</returns>
    public static Completion? TryRead(JsonElement document, Problems problems, CompletionFormat format = CompletionFormat.Auto, double tolerance = 1e-6) =>
        CompletionLayout.Read(document, format, tolerance, problems);
}
