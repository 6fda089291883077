using System.Text.Json.Serialization;

namespace KlCore.Drift;

/// <summary>What came of comparing two tables.</summary>
public sealed record DriftReport
{
    /// <summary>Drift if any column drifted; inconclusive if none did and the sizes do not allow to say more of some column; else none.</summary>
    public required DriftVerdict Verdict { get; init; }

    /// <summary>The columns that drifted.</summary>
    public required IReadOnlyList<string> Drifted { get; init; }

    /// <summary>The chance of a false finding that was taken.</summary>
    public required double Alpha { get; init; }

    /// <summary>What was done because of many tests.</summary>
    public required DriftCorrection Correction { get; init; }

    /// <summary>One entry for each column that was compared.</summary>
    public required IReadOnlyList<ColumnDrift> Columns { get; init; }

    /// <summary>What concerns the tables as a whole.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>What came of one column.</summary>
public sealed record ColumnDrift
{
    /// <summary>The column.</summary>
    public required string Name { get; init; }

    /// <summary>How it was compared.</summary>
    public required ColumnKind Type { get; init; }

    /// <summary>The method; null where the column was not compared.</summary>
    public DriftMethod? Method { get; init; }

    /// <summary>Why this type and method.</summary>
    public required string Reason { get; init; }

    /// <summary>How far apart the two are, by the method; null where the column was not compared.</summary>
    public double? Score { get; init; }

    /// <summary>From which score on it counts; null where the p-value alone decides.</summary>
    public double? Threshold { get; init; }

    /// <summary>Which test the p-value is of.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Test { get; init; }

    /// <summary>How probable such a difference would be if nothing had changed.</summary>
    public double? PValue { get; init; }

    /// <summary>The same with the correction for many columns; equal to it without.</summary>
    public double? AdjustedPValue { get; init; }

    /// <summary>Whether it drifted.</summary>
    public required DriftVerdict Verdict { get; init; }

    /// <summary>The column in the reference.</summary>
    public required SideFacts Reference { get; init; }

    /// <summary>The column now.</summary>
    public required SideFacts Current { get; init; }

    /// <summary>Missing cells: the change of their share, and whether it is one.</summary>
    public required MissingChange Missing { get; init; }

    /// <summary>Categories that the reference does not have, with their counts, the most frequent first, at most 20.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? NewCategories { get; init; }

    /// <summary>Categories that are not seen any more, with their counts in the reference, at most 20.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? VanishedCategories { get; init; }

    /// <summary>What a reader should know of the score.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>One side of a column.</summary>
/// <param name="Rows">How many cells there are.</param>
/// <param name="Missing">How many hold nothing.</param>
/// <param name="Distinct">How many different values there are (of a long column, of what is kept of it).</param>
/// <param name="Mean">Of numbers: their mean.</param>
/// <param name="StandardDeviation">Of numbers: their standard deviation.</param>
/// <param name="Quartiles">Of numbers: minimum, quartiles and maximum.</param>
public sealed record SideFacts(
    long Rows,
    long Missing,
    long Distinct,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Mean = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? StandardDeviation = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double>? Quartiles = null);

/// <summary>How the share of missing cells changed.</summary>
/// <param name="Reference">The share in the reference.</param>
/// <param name="Current">The share now.</param>
/// <param name="PValue">Of the G-test on the two shares.</param>
public sealed record MissingChange(double Reference, double Current, double PValue);

/// <summary>Whether something drifted.</summary>
public enum DriftVerdict
{
    /// <summary>The difference is one, and large enough to count.</summary>
    Drift,

    /// <summary>No difference, or too small a one to count.</summary>
    None,

    /// <summary>The score is large and could be chance, or there are too few cells to tell.</summary>
    Inconclusive,
}
