using System.Text.Json.Serialization;
using KlCore.Training.LanguageModel.Tokens;

namespace KlCore.Training.LanguageModel;

/// <summary>A text that was drawn from a model, with what the model held of each token: laid out as chat completions of OpenAI are, so that whatever reads those reads it.</summary>
/// <param name="Index">Which of the texts it is.</param>
/// <param name="Text">The text, without the prompt.</param>
/// <param name="FinishReason">"length" where it has as many tokens as wanted, "stop" where the document ended.</param>
/// <param name="Logprobs">The tokens.</param>
public sealed record GeneratedText(int Index, string Text, string FinishReason, GeneratedTokens Logprobs)
{
    internal static GeneratedText Draw(TextDrawing drawing, Tokenizer tokenizer, int number, int listed, CancellationToken cancellation)
    {
        var tokens = new List<GeneratedToken>();
        while (!drawing.IsComplete)
        {
            cancellation.ThrowIfCancellationRequested();
            var token = drawing.Draw();
            tokens.Add(GeneratedToken.Of(token, drawing.LogProbabilities, tokenizer) with { TopLogprobs = Likeliest(drawing.LogProbabilities, tokenizer, listed) });
        }

        return new GeneratedText(number, drawing.Text, tokens.Count > 0 && drawing.Drawn[^1] == tokenizer.End ? "stop" : "length", new GeneratedTokens(tokens));
    }

    private static IReadOnlyList<GeneratedToken>? Likeliest(ReadOnlySpan<float> row, Tokenizer tokenizer, int listed)
    {
        if (listed == 0) return null;
        var logs = row.ToArray();
        int[] order = [.. Enumerable.Range(0, logs.Length)];
        Array.Sort(order, (a, b) => logs[b].CompareTo(logs[a]) is var by && by != 0 ? by : a.CompareTo(b));
        return [.. order.Take(listed).Where(token => float.IsFinite(logs[token])).Select(token => GeneratedToken.Of(token, logs, tokenizer))];
    }
}

/// <summary>The tokens of a text.</summary>
/// <param name="Content">In their order.</param>
public sealed record GeneratedTokens(IReadOnlyList<GeneratedToken> Content);

/// <summary>A token and what the model held of it.</summary>
/// <param name="Token">Its text, or its bytes as "&lt;0x0A&gt;".</param>
/// <param name="Id">Its number.</param>
/// <param name="Logprob">ln p of it, as the model has it: before temperature, topK and topP.</param>
/// <param name="Bytes">Its bytes.</param>
public sealed record GeneratedToken(string Token, int Id, double Logprob, IReadOnlyList<int> Bytes)
{
    /// <summary>The likeliest tokens of the position.</summary>
    [JsonPropertyName("top_logprobs")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<GeneratedToken>? TopLogprobs { get; init; }

    internal static GeneratedToken Of(int token, ReadOnlySpan<float> row, Tokenizer tokenizer) =>
        new(tokenizer.Name(token), token, row[token], token == tokenizer.End ? [] : [.. tokenizer.Bytes(token).ToArray().Select(value => (int)value)]);
}
