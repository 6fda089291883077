using System.Text.Json.Serialization;

namespace KlCore.Logits.Reports;

/// <summary>A mean over positions and how far off it may be as a statement about texts of this kind.</summary>
public record MeanEstimate
{
    /// <summary>The mean; infinite if the value at any position is.</summary>
    [JsonPropertyOrder(-1)]
    public required double Mean { get; init; }

    /// <summary>The mean over the positions where the value is finite, where at some it is not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), JsonPropertyOrder(-1)]
    public double? FiniteMean { get; init; }

    /// <summary>sd / sqrt(n): the error of the mean if positions were independent. Null for one position and for an infinite mean.</summary>
    [JsonPropertyOrder(-1)]
    public double? StandardError { get; init; }

    /// <summary>
    /// The error of the mean from the spread of whole chunks, inside of which positions are correlated: sd(means of chunks) / sqrt(chunks)
    /// for chunks of equal size, the error of a ratio for others. Null for fewer than two chunks, and where chunks are not known.
    /// </summary>
    [JsonPropertyOrder(-1)]
    public double? ClusterStandardError { get; init; }

    /// <summary>
    /// Two ends between which the mean lies with 95 % confidence, from the error that <see cref="ConfidenceBasis"/> names. Never below 0 for
    /// what cannot be: divergences, losses. Null where the mean or the error is null or beyond a double.
    /// </summary>
    [JsonPropertyOrder(-1)]
    public double[]? Confidence95 { get; init; }

    /// <summary>Which error the interval is made of: that of chunks (Student's t) where known, else that of positions (normal).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), JsonPropertyOrder(-1)]
    public ConfidenceBasis? ConfidenceBasis { get; init; }

    /// <summary>The mean of values that are at least <paramref name="least"/>; null where there is none.</summary>
    internal static MeanEstimate? Of(ColumnTotals column, double least, double scale = 1) => Fill(new MeanEstimate { Mean = 0 }, column, least, scale);

    /// <summary>The same statement with a column's mean and errors, times a scale. No value is below <paramref name="least"/>.</summary>
    internal static T? Fill<T>(T statement, ColumnTotals column, double least, double scale)
        where T : MeanEstimate
    {
        if (column.Mean is not { } mean) return null;
        var (positions, clusters) = (column.StandardError, column.ClusterStandardError);
        var half = clusters is { } error ? error * Confidence.Student95(column.Clusters - 1) : positions * Confidence.Normal95;
        var interval = half is { } width ? Interval(mean, width, least, scale) : null;
        return statement with
        {
            Mean = mean * scale,
            FiniteMean = column.Finite == column.Count || column.Finite == 0 ? null : column.FiniteMean * scale,
            StandardError = positions * scale,
            ClusterStandardError = clusters * scale,
            Confidence95 = interval,
            ConfidenceBasis = interval is null ? null : clusters is null ? Reports.ConfidenceBasis.Positions : Reports.ConfidenceBasis.Clusters,
        };
    }

    private static double[]? Interval(double mean, double width, double least, double scale)
    {
        var (low, high) = (mean - width, mean + width);
        if (low < least && mean >= least) low = least;
        return double.IsFinite(low * scale) && double.IsFinite(high * scale) ? [low * scale, high * scale] : null;
    }
}

/// <summary>A divergence over all positions compared.</summary>
public sealed record MeasureStatistics : MeanEstimate
{
    /// <summary>For a KL divergence, from which model to which: "p||q" is forward, "q||p" reverse. Absent for symmetric measures.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), JsonPropertyOrder(-2)]
    public string? Direction { get; init; }

    /// <summary>How the value of each position was found.</summary>
    public Method Method { get; init; } = Method.Exact;

    /// <summary>The sample standard deviation over positions. Null for one position and for an infinite mean.</summary>
    public double? StandardDeviation { get; init; }

    /// <summary>The smallest value.</summary>
    public required double Minimum { get; init; }

    /// <summary>The largest value.</summary>
    public required double Maximum { get; init; }

    /// <summary>At how many positions the value is infinite.</summary>
    public required long Infinite { get; init; }

    /// <summary>The percentiles asked for, by percent, with linear interpolation between neighbours in order.</summary>
    public required IReadOnlyDictionary<string, double> Percentiles { get; init; }

    /// <summary>How far each percentile can be off, relative to itself, where they come from a histogram (merged or very many rows). Absent where exact.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PercentileError { get; init; }
}
