using KlCore.Numerics;

namespace KlCore.Logits.Reports;

/// <summary>How much worse the second candidate is than the first, position by position over the same text.</summary>
public sealed record PairedDifference
{
    /// <summary>The one with the smaller mean.</summary>
    public required string First { get; init; }

    /// <summary>The one with the larger mean.</summary>
    public required string Second { get; init; }

    /// <summary>The second's mean minus the first's, over the positions where not both are infinite; null where each is infinite somewhere the other is not.</summary>
    public double? Difference { get; init; }

    /// <summary>Its error from the spread of the differences from position to position.</summary>
    public double? StandardError { get; init; }

    /// <summary>Its error from the spread of the differences from chunk to chunk.</summary>
    public double? ClusterStandardError { get; init; }

    /// <summary>
    /// How often a difference this large would be seen if there were none: two-sided, Student's t with one degree of freedom less than there
    /// are chunks, or positions where chunks are not known. Null for infinite differences and for one position.
    /// </summary>
    public double? PValue { get; init; }

    /// <summary>The same, corrected for the number of pairs (Holm 1979).</summary>
    public double? AdjustedPValue { get; init; }

    /// <summary>Whether the difference is more than chance at 5 %, after the correction. A finite mean is always told from an infinite one.</summary>
    public bool Distinguishable { get; init; }

    /// <summary>
    /// About how many positions it would take for a difference of this size to be significant on its own: (1.96 sd / difference)^2, with the
    /// sd that the larger of the errors stands for. Null where the difference is 0 or infinite.
    /// </summary>
    public double? TokensNeeded { get; init; }

    /// <summary>From the differences at all positions.</summary>
    internal static PairedDifference Of(string first, string second, ColumnTotals differences, double scale)
    {
        var mean = differences.Mean;
        var (positions, clusters) = (differences.StandardError, differences.ClusterStandardError);
        var error = clusters ?? positions;
        return new PairedDifference
        {
            First = first,
            Second = second,
            Difference = mean * scale,
            StandardError = positions * scale,
            ClusterStandardError = clusters * scale,
            PValue = mean is { } value && error is { } deviation ? StudentTest.TwoSided(value, deviation, (clusters is null ? differences.Count : differences.Clusters) - 1) : null,
            TokensNeeded = mean is { } size and not 0 && error is { } spread && double.IsFinite(size)
                ? Math.Ceiling(Math.Pow(Confidence.Normal95 * spread / size, 2) * differences.Count) : null,
            Distinguishable = mean is { } gap && double.IsInfinity(gap),
        };
    }

    /// <summary>The same with its p-value corrected.</summary>
    internal PairedDifference Adjusted(double? value) => this with { AdjustedPValue = value, Distinguishable = Distinguishable || value < ReportRanking.Level };
}
