using System.Text.Json.Serialization;

namespace KlCore.Texts.Perplexities;

/// <summary>How well a model foretells a text.</summary>
public sealed record PerplexityAnswer
{
    /// <summary>How many tokens there are.</summary>
    public required long Tokens { get; init; }

    /// <summary>How many sentences have any.</summary>
    public required int Sentences { get; init; }

    /// <summary>How many documents they are of.</summary>
    public required int Documents { get; init; }

    /// <summary>e^(nats per token), at least 1.</summary>
    public required TextRate Perplexity { get; init; }

    /// <summary>The mean of -ln p: the cross-entropy of the text under the model.</summary>
    public required TextRate NatsPerToken { get; init; }

    /// <summary>The same in bits.</summary>
    public required TextRate BitsPerToken { get; init; }

    /// <summary>The sum of -log2 p over the number of bytes: what may be compared between models of different tokens.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TextRate? BitsPerByte { get; init; }

    /// <summary>How much sentences differ in their mean of -ln p; texts that models wrote are more even than those of people.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SentenceSpread? Spread { get; init; }

    /// <summary>What a reader should know about the numbers.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    internal static PerplexityAnswer Of(List<Sentence> sentences, bool hasBytes, int sentinels)
    {
        var nats = Ratio(sentences, sentence => sentence.Tokens);
        var impossible = sentences.Count(sentence => double.IsPositiveInfinity(sentence.Surprisal));
        List<string> warnings = [];
        if (sentinels > 0) warnings.Add($"{sentinels} tokens have -9999, which servers write for minus infinity; it was taken as the number");
        if (impossible > 0) warnings.Add($"{impossible} sentences hold a token that the model deemed impossible: the perplexity is infinite");
        // With e^x each step of x is a share of the value.
        var perplexity = Math.Exp(nats.Value);
        return new PerplexityAnswer
        {
            Tokens = sentences.Sum(sentence => (long)sentence.Tokens),
            Sentences = sentences.Count(sentence => sentence.Tokens > 0),
            Documents = sentences.Select(sentence => sentence.Document).Distinct().Count(),
            Perplexity = new TextRate(perplexity, Times(nats.StandardError, perplexity), Times(nats.ClusterStandardError, perplexity)),
            NatsPerToken = nats,
            BitsPerToken = Divided(nats, Units.Ln2),
            BitsPerByte = hasBytes ? Divided(Ratio(sentences, sentence => sentence.Bytes) with { StandardError = null }, Units.Ln2) : null,
            Spread = SentenceSpread.Of(sentences),
            Warnings = warnings,
        };
    }

    /// <summary>
    /// Surprisal over a number of units, as a ratio of sums over documents: each document's part of the error is what its surprisal has beyond rate times units. The
    /// error as if tokens were independent stands beside it where tokens are the units.
    /// </summary>
    private static TextRate Ratio(List<Sentence> sentences, Func<Sentence, double> units)
    {
        var total = sentences.Sum(units);
        var value = sentences.Sum(sentence => sentence.Surprisal) / total;
        if (!double.IsFinite(value)) return new TextRate(double.PositiveInfinity, null, null);
        var residuals = sentences.GroupBy(sentence => sentence.Document).Select(document => document.Sum(sentence => sentence.Surprisal - (value * units(sentence)))).ToList();
        double? cluster = residuals.Count < 2 ? null : Math.Sqrt(residuals.Sum(residual => residual / total * (residual / total)) * residuals.Count / (residuals.Count - 1));
        var variance = Math.Max(0, (sentences.Sum(sentence => sentence.Squares) / total) - (value * value)) / (total - 1);
        return new TextRate(value, total < 2 || !double.IsFinite(variance) ? null : Math.Sqrt(variance), cluster is { } error && double.IsFinite(error) ? error : null);
    }

    private static TextRate Divided(TextRate rate, double by) => new(rate.Value / by, rate.StandardError / by, rate.ClusterStandardError / by);

    private static double? Times(double? error, double factor) => error * factor is { } product && double.IsFinite(product) ? product : null;
}

/// <summary>A rate and its errors.</summary>
/// <param name="Value">The rate; infinite where the model deemed a token impossible.</param>
/// <param name="StandardError">As if tokens were independent; null for a single token, and where the units are not tokens.</param>
/// <param name="ClusterStandardError">From how much documents differ, the honest one; null for a single document.</param>
public sealed record TextRate(
    double Value,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? StandardError,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? ClusterStandardError);

/// <summary>How much sentences differ, each by its mean of -ln p (its log-perplexity) in nats.</summary>
/// <param name="Mean">The mean over sentences, long and short ones alike.</param>
/// <param name="StandardDeviation">Their standard deviation (divided by one less than there are).</param>
/// <param name="Minimum">The most foreseeable one.</param>
/// <param name="Maximum">The most surprising one.</param>
public sealed record SentenceSpread(double Mean, double StandardDeviation, double Minimum, double Maximum)
{
    internal static SentenceSpread? Of(List<Sentence> sentences)
    {
        double[] means = [.. sentences.Where(sentence => sentence.Tokens > 0).Select(sentence => sentence.Surprisal / sentence.Tokens)];
        if (means.Length < 2 || !Array.TrueForAll(means, double.IsFinite)) return null;
        var mean = means.Average();
        var variance = means.Sum(value => (value - mean) * (value - mean)) / (means.Length - 1);
        return double.IsFinite(variance) ? new SentenceSpread(mean, Math.Sqrt(variance), means.Min(), means.Max()) : null;
    }
}
