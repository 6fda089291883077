using System.Text.Json.Serialization;

namespace KlCore.Training.LanguageModel;

/// <summary>What became of a language model.</summary>
/// <param name="Validation">How it does on the held-out text.</param>
/// <param name="Training">How it does on as much of the text that it learnt from, spread evenly.</param>
/// <param name="Vocabulary">How many tokens there are.</param>
/// <param name="UnigramEntropy">The entropy of the tokens' frequencies in the training part, in nats: what a token would cost on average, if nothing before it were seen.</param>
/// <param name="Model">What the model is made of.</param>
/// <param name="Frequencies">How often tokens occur in the training part.</param>
/// <param name="Samples">Texts that were drawn from the model.</param>
/// <param name="Advice">What was seen, in numbers, and what it means.</param>
public sealed record LanguageModelResult(
    TextScore Validation, TextScore Training, int Vocabulary, double UnigramEntropy, ModelFacts Model, TokenFrequencies Frequencies, IReadOnlyList<string> Samples, string Advice)
{
    /// <summary>The name of the baseline that the held-out logits were to become.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Baseline { get; init; }
}

/// <summary>How well a model foresees a text.</summary>
/// <param name="Text">How long the text is.</param>
/// <param name="Positions">How many of its tokens were scored.</param>
/// <param name="CrossEntropy">The mean of -ln q(token) in nats: the entropy of the text plus KL(text‖model). The standard error is that of blocks of 256 neighbours.</param>
/// <param name="Perplexity">e to the cross-entropy: among how many equally likely tokens the model hesitates.</param>
/// <param name="BitsPerToken">The cross-entropy in bits.</param>
/// <param name="BitsPerByte">
/// What the text costs in bits, divided by its bytes of UTF-8: the number by which models of different tokens compare. An unknown token also costs 8 bits for each byte that it stands for, and for one that
/// ends it, since the text cannot be had back without them.
/// </param>
/// <param name="Impossible">How many tokens the model held for impossible; if any, the cross-entropy is infinite.</param>
public sealed record TextScore(TextFacts Text, long Positions, Measurement CrossEntropy, double Perplexity, double BitsPerToken, double BitsPerByte, long Impossible)
{
    internal static TextScore Of(TextFacts text, HeldOutScores scores)
    {
        var mean = scores.Mean();
        var bits = mean / Math.Log(2);
        var spelled = 8.0 * (text.UnknownBytes + text.UnknownTokens);
        return new TextScore(
            text, scores.Positions, new Measurement(mean, Method.Estimate, StandardError: scores.StandardError()), Math.Exp(mean), bits, (bits * text.Tokens + spelled) / text.Bytes, scores.Impossible);
    }
}

/// <summary>How often tokens occur: few very often, most hardly ever.</summary>
/// <param name="Ranks">Some ranks, 1 being the most frequent token.</param>
/// <param name="Counts">How often the token of each of these ranks occurs.</param>
/// <param name="Top">The most frequent tokens, by name.</param>
public sealed record TokenFrequencies(IReadOnlyList<int> Ranks, IReadOnlyList<long> Counts, IReadOnlyList<TokenCount> Top);

/// <summary>A token and how often it occurs.</summary>
/// <param name="Token">Its text, or its bytes as "&lt;0x0A&gt;".</param>
/// <param name="Count">How often.</param>
public sealed record TokenCount(string Token, long Count);
