using System.Text.Json.Serialization;
using MathNet.Numerics.Distributions;

namespace KlCore.Estimation.Counts;

/// <summary>What one correction makes of counts.</summary>
public sealed record CountEstimate
{
    /// <summary>The correction that was applied.</summary>
    public required CountCorrection Correction { get; init; }

    /// <summary>The estimate, not clipped: of a divergence it may be negative.</summary>
    public required double Value { get; init; }

    /// <summary>Always <c>estimate</c>.</summary>
    public Method Method { get; init; } = Method.Estimate;

    /// <summary>How far off the computation may be, where it is an integral.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ErrorBound { get; init; }

    /// <summary>The standard error, where there is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? StandardError { get; init; }

    /// <summary>The normal interval of the asked confidence; for a quantity that cannot be negative it does not go below 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? Interval { get; init; }

    /// <summary>The entropy of counts.</summary>
    public static CountEstimate OfEntropy(CountTable counts, CountCorrection correction, CountConfidence confidence, long seed, Unit unit = Unit.Nats, CancellationToken cancellation = default)
    {
        var corrected = correction.Correct(counts, cancellation);
        var error = confidence.Method switch
        {
            CountErrorMethod.Delta => corrected.StandardDeviation ?? EntropyError.Delta(counts),
            CountErrorMethod.Jackknife => EntropyError.Jackknife(counts, correction, cancellation),
            _ => EntropyError.Bootstrap(counts, correction, confidence.Resamples, seed, cancellation),
        };
        return Of(correction, corrected.Value, corrected.ErrorBound, error, confidence.Level, unit);
    }

    /// <summary>KL(p || q); null for a correction of entropies only.</summary>
    public static CountEstimate? OfDivergence(CountPair pair, CountCorrection correction, CountConfidence confidence, long seed, Unit unit = Unit.Nats, CancellationToken cancellation = default)
    {
        if (correction.Divergence(pair) is not { } value) return null;
        var error = double.IsInfinity(value) ? null : confidence.Method switch
        {
            CountErrorMethod.Delta => pair.Delta(),
            CountErrorMethod.Jackknife => DivergenceError.Jackknife(pair, correction, cancellation),
            _ => DivergenceError.Bootstrap(pair, correction, confidence.Resamples, seed, cancellation),
        };
        return Of(correction, value, null, error, confidence.Level, unit);
    }

    private static CountEstimate Of(CountCorrection correction, double value, double? bound, double? error, double level, Unit unit)
    {
        var (shown, deviation) = (unit.FromNats(value), error is { } own && double.IsFinite(own) ? unit.FromNats(own) : default(double?));
        var reach = deviation is { } known ? Normal.InvCDF(0, 1, 0.5 + level / 2) * known : default(double?);
        return new CountEstimate
        {
            Correction = correction,
            Value = shown,
            ErrorBound = bound is { } least ? unit.FromNats(least) : null,
            StandardError = deviation,
            Interval = reach is { } width && double.IsFinite(width) ? [Math.Max(0, shown - width), Math.Max(0, shown + width)] : null,
        };
    }
}
