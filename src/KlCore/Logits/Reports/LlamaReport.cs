using System.Text.Json.Serialization;

namespace KlCore.Logits.Reports;

/// <summary>
/// The numbers that <c>llama-perplexity --kl-divergence</c> prints, by its formulas in its 32-bit arithmetic, in nats and per cent as
/// there. Every uncertainty takes positions for independent, and the divergence leaves out tokens below e^-16 and may be slightly negative:
/// the report around these numbers does neither.
/// </summary>
public sealed record LlamaReport
{
    /// <summary>How many positions there are. Below 100 llama-perplexity prints none of this; below 11 it knows no uncertainty and says 0.</summary>
    public required long Count { get; init; }

    /// <summary>"Perplexity statistics". Absent without targets.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LlamaPerplexity? Perplexity { get; init; }

    /// <summary>"KL divergence statistics".</summary>
    public required LlamaSpread Divergence { get; init; }

    /// <summary>"Token probability statistics": the change of the target's probability from base to Q, in per cent. Absent without targets.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LlamaSpread? TargetProbability { get; init; }

    /// <summary>"RMS Δp", in per cent. Absent without targets.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Uncertain? Rms { get; init; }

    /// <summary>"Same top p", in per cent.</summary>
    public required Uncertain SameTop { get; init; }
}

/// <summary>llama-perplexity's "Perplexity statistics".</summary>
/// <param name="Q">"Mean PPL(Q)".</param>
/// <param name="Base">"Mean PPL(base)".</param>
/// <param name="Correlation">"Cor(ln(PPL(Q)), ln(PPL(base)))", in per cent; null where it divides by 0.</param>
/// <param name="LogRatio">"Mean ln(PPL(Q)/PPL(base))".</param>
/// <param name="Ratio">"Mean PPL(Q)/PPL(base)".</param>
/// <param name="Difference">"Mean PPL(Q)-PPL(base)".</param>
public sealed record LlamaPerplexity(Uncertain Q, Uncertain Base, double? Correlation, Uncertain LogRatio, Uncertain Ratio, Uncertain Difference);

/// <summary>A mean with the values in order.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Maximum">The largest value.</param>
/// <param name="Percentiles">The values at the percents that llama-perplexity prints.</param>
/// <param name="Median">The middle value, or the mean of the two.</param>
/// <param name="Minimum">The smallest value.</param>
public sealed record LlamaSpread(Uncertain Mean, double Maximum, IReadOnlyDictionary<string, double> Percentiles, double Median, double Minimum);

/// <summary>A number and its uncertainty; null where llama-perplexity prints "nan".</summary>
/// <param name="Value">The number.</param>
/// <param name="Uncertainty">What it prints behind the plus-minus sign.</param>
public sealed record Uncertain(double? Value, double? Uncertainty)
{
    /// <summary>NaN becomes null; a scale applies to both.</summary>
    internal static Uncertain Of(double value, double uncertainty, double scale = 1) =>
        new(NumberOrNull(scale * value), NumberOrNull(scale * uncertainty));

    internal static double? NumberOrNull(double value) => double.IsNaN(value) ? null : value;
}
