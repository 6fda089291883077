using System.Text.Json.Serialization;
using KlCore.Numerics;

namespace KlCore.Policies;

/// <summary>How the tokens' values become one number; the names are those of verl's <c>loss_agg_mode</c>. A sequence without tokens that count is none.</summary>
public enum Aggregation
{
    /// <summary>Sum over tokens / tokens. TRL: bnpo and dapo.</summary>
    TokenMean,

    /// <summary>Sum over tokens.</summary>
    TokenSum,

    /// <summary>Mean over sequences of their sums: the estimate of the sequences' KL.</summary>
    SeqMeanTokenSum,

    /// <summary>Mean over sequences of their means. TRL: grpo.</summary>
    SeqMeanTokenMean,

    /// <summary>Mean over sequences of their sums / horizon. TRL: dr_grpo.</summary>
    SeqMeanTokenSumNorm,
}

/// <summary>One estimator under one aggregation.</summary>
public sealed record AggregatedEstimate
{
    /// <summary>How the tokens were made one number.</summary>
    public required Aggregation Aggregation { get; init; }

    /// <summary>The number, in the unit.</summary>
    public required double Value { get; init; }

    /// <summary>Its standard error: over sequences if at least 2 have tokens, else over tokens; null for a single token.</summary>
    public required double? StandardError { get; init; }

    /// <summary>What the standard error takes to be independent: tokens of one sequence seldom are.</summary>
    public required ErrorOver? StandardErrorOver { get; init; }

    /// <summary>The standard error as if all tokens were independent, which is what most tools print; null for a single token.</summary>
    public required double? TokenStandardError { get; init; }

    /// <summary>What the sum over tokens is divided by; null where each sequence has its own divisor.</summary>
    public required double? Divisor { get; init; }

    /// <summary>The definition in words, with what frameworks call it.</summary>
    public required string Definition { get; init; }

    /// <summary>What other conventions of the same name make of the same tokens.</summary>
    public required IReadOnlyList<OtherConvention> OtherConventions { get; init; }

    /// <summary>For <c>optimal</c>: the value in which each half of the sequences (of the tokens, if there is one sequence) has the lambda of the other half, which is free of bias; left out where a half does not determine one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? CrossFitted { get; init; }

    /// <summary>The derivative of the value with respect to log pi of each token, 0 where it does not count.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TokenRows? Gradient { get; init; }
}

/// <summary>The number that another convention gives.</summary>
/// <param name="Convention">Which, and who has it.</param>
/// <param name="Value">The number.</param>
public sealed record OtherConvention(string Convention, double Value);

/// <summary>What a standard error takes to be independent.</summary>
public enum ErrorOver
{
    /// <summary>Whole sequences.</summary>
    Sequences,

    /// <summary>Tokens.</summary>
    Tokens,
}

/// <summary>Sums over tokens and sequences.</summary>
internal sealed class Aggregator(PolicySamples samples, Aggregation aggregation, int horizon)
{
    private readonly double _sequences = samples.Sequences;

    /// <summary>The factor of each token of a sequence in the aggregated value.</summary>
    public double Factor(int sequence) => aggregation switch
    {
        Aggregation.TokenMean => 1.0 / samples.Tokens,
        Aggregation.TokenSum => 1,
        Aggregation.SeqMeanTokenSum => 1 / _sequences,
        Aggregation.SeqMeanTokenMean => 1 / (_sequences * (samples.Ends[sequence] - samples.Start(sequence))),
        Aggregation.SeqMeanTokenSumNorm => 1 / (_sequences * horizon),
        _ => throw new ArgumentOutOfRangeException(nameof(sequence)),
    };

    /// <summary>The aggregated value of the tokens' values.</summary>
    public double Value(double[] values) => Total(Sums(values));

    /// <summary>The aggregated value with its errors.</summary>
    public AggregatedEstimate Estimate(double[] values)
    {
        var sums = Sums(values);
        var value = Total(sums);
        var overTokens = TokenError(values);
        var overSequences = samples.Sequences > 1;
        return new()
        {
            Aggregation = aggregation,
            Value = value,
            StandardError = overSequences ? SequenceError(sums, value) : overTokens,
            StandardErrorOver = overSequences ? ErrorOver.Sequences : overTokens is null ? null : ErrorOver.Tokens,
            TokenStandardError = overTokens,
            Divisor = aggregation switch
            {
                Aggregation.TokenMean => samples.Tokens,
                Aggregation.TokenSum => 1,
                Aggregation.SeqMeanTokenSum => _sequences,
                Aggregation.SeqMeanTokenSumNorm => _sequences * horizon,
                _ => null,
            },
            Definition = Definition(),
            OtherConventions = [.. Others(value)],
        };
    }

    /// <summary>The derivative of the aggregated value with respect to each token that counts, given that of each token's own value.</summary>
    public double[] Gradient(double[] derivatives)
    {
        var gradient = new double[derivatives.Length];
        for (var s = 0; s < samples.Sequences; s++)
        {
            var factor = Factor(s);
            for (var t = samples.Start(s); t < samples.Ends[s]; t++) gradient[t] = factor * derivatives[t];
        }

        return gradient;
    }

    private double[] Sums(double[] values)
    {
        var sums = new double[samples.Sequences];
        for (var s = 0; s < sums.Length; s++)
        {
            CompensatedSum sum = default;
            for (var t = samples.Start(s); t < samples.Ends[s]; t++) sum.Add(values[t]);
            sums[s] = sum.Value;
        }

        return sums;
    }

    private double Total(double[] sums)
    {
        CompensatedSum total = default;
        if (aggregation != Aggregation.SeqMeanTokenMean)
        {
            foreach (var sum in sums) total.Add(sum);
            return aggregation switch
            {
                Aggregation.TokenMean => total.Value / samples.Tokens,
                Aggregation.SeqMeanTokenSum => total.Value / _sequences,
                Aggregation.SeqMeanTokenSumNorm => total.Value / (_sequences * horizon),
                _ => total.Value,
            };
        }

        for (var s = 0; s < sums.Length; s++) total.Add(sums[s] / (samples.Ends[s] - samples.Start(s)));
        return total.Value / _sequences;
    }

    /// <summary>From the spread of the sequences' shares of the value; for the mean over tokens, a ratio, from what they are off it.</summary>
    private double SequenceError(double[] sums, double value)
    {
        if (!double.IsFinite(value)) return double.PositiveInfinity;
        var shares = new double[sums.Length];
        CompensatedSum total = default, squares = default;
        for (var s = 0; s < shares.Length; s++)
        {
            var length = samples.Ends[s] - samples.Start(s);
            shares[s] = Factor(s) * (aggregation == Aggregation.TokenMean ? sums[s] - (value * length) : sums[s]);
            total.Add(shares[s]);
        }

        var mean = aggregation == Aggregation.TokenMean ? 0 : total.Value / _sequences;
        foreach (var share in shares) squares.Add((share - mean) * (share - mean));
        return Math.Sqrt(squares.Value * _sequences / (_sequences - 1));
    }

    private double? TokenError(double[] values)
    {
        if (samples.Tokens < 2) return null;
        CompensatedSum factors = default;
        for (var s = 0; s < samples.Sequences; s++) factors.Add(Factor(s) * Factor(s) * (samples.Ends[s] - samples.Start(s)));
        return Math.Sqrt(Moments.Variance(values)) * Math.Sqrt(factors.Value);
    }

    private string Definition() => aggregation switch
    {
        Aggregation.TokenMean => "sum over tokens / tokens (verl token-mean, TRL bnpo and dapo): a KL per token, not that of sequences",
        Aggregation.TokenSum => "sum over tokens",
        Aggregation.SeqMeanTokenSum => "mean over sequences of the sum over their tokens (verl seq-mean-token-sum; what PPO logs): estimates the KL of whole sequences",
        Aggregation.SeqMeanTokenMean => "mean over sequences of the mean over their tokens (verl seq-mean-token-mean, TRL grpo)",
        _ => $"sum over tokens / (sequences * horizon), horizon {horizon} (verl seq-mean-token-sum-norm since 2026-08, TRL dr_grpo)",
    };

    private IEnumerable<OtherConvention> Others(double value)
    {
        if (aggregation == Aggregation.SeqMeanTokenSumNorm)
            yield return new($"sum over tokens / horizon, horizon {horizon} (verl seq-mean-token-sum-norm until 2026-08)", value * _sequences);
        if (aggregation >= Aggregation.SeqMeanTokenSum && samples.AllSequences > samples.Sequences)
            yield return new($"sequences without tokens that count are counted with 0 (TRL, and verl where it divides by the batch size): {samples.AllSequences} sequences", value * _sequences / samples.AllSequences);
    }
}

/// <summary>Moments of numbers that may be infinite.</summary>
internal static class Moments
{
    /// <summary>The mean; infinite if one of the numbers is.</summary>
    public static double Mean(double[] values)
    {
        CompensatedSum sum = default;
        foreach (var value in values) sum.Add(value);
        return sum.Value / values.Length;
    }

    /// <summary>The unbiased variance; 0 for a single number, +Infinity if one is infinite.</summary>
    public static double Variance(double[] values)
    {
        if (values.Length < 2) return 0;
        var mean = Mean(values);
        if (!double.IsFinite(mean)) return double.PositiveInfinity;
        CompensatedSum squares = default;
        foreach (var value in values) squares.Add((value - mean) * (value - mean));
        return squares.Value / (values.Length - 1);
    }
}
