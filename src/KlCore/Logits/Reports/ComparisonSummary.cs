using System.Text.Json.Serialization;

namespace KlCore.Logits.Reports;

/// <summary>
/// All that a comparison of one part of the rows adds to the report on the whole, small and fit for JSON. Summaries of parts put together
/// give the same sums, to the last bit, as one pass over all rows; percentiles are then within 0.5 % of themselves.
/// </summary>
public sealed record ComparisonSummary
{
    /// <summary>The layout of this record.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The layout this summary was written in.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>How the rows were compared; the same in all parts.</summary>
    public required ReportOptions Options { get; init; }

    /// <summary>Logits per row of p.</summary>
    public required int VocabularyP { get; init; }

    /// <summary>Logits per row of q.</summary>
    public required int VocabularyQ { get; init; }

    /// <summary>Rows per chunk, where known.</summary>
    public int? ChunkRows { get; init; }

    /// <summary>Whether a side came from llama.cpp's file, which holds nothing below its window.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool StoredWindow { get; init; }

    /// <summary>Which rows were compared: the first, and the one after the last; one pair for each part, in order, none overlapping.</summary>
    public required IReadOnlyList<long[]> Ranges { get; init; }

    /// <summary>Rows left out by <c>skip</c>, rows that were no distributions, and targets at llama.cpp's floor.</summary>
    public required long[] Counts { get; init; }

    /// <summary>The first rows whose forward KL is infinite, whose reverse KL is, and that were excluded.</summary>
    public required long[][] Rows { get; init; }

    /// <summary>Sums over top-k lists, one row for each k: tokens in common, lists with the same tokens, lists in the same order, tokens until the first difference.</summary>
    public required long[][] TopK { get; init; }

    /// <summary>The columns, in a fixed order.</summary>
    public required IReadOnlyList<ColumnSummary> Columns { get; init; }

    /// <summary>By p's largest probability, then by the place in the chunk, then llama.cpp's sums: columns in a fixed order.</summary>
    public required IReadOnlyList<ColumnSummary> Parts { get; init; }

    /// <summary>The positions with the largest forward KL.</summary>
    public required IReadOnlyList<WorstPosition> Worst { get; init; }
}

/// <summary>One column's totals.</summary>
/// <param name="Finite">How many finite values there are.</param>
/// <param name="Infinite">How many are +Infinity.</param>
/// <param name="MinusInfinite">How many are -Infinity.</param>
/// <param name="Minimum">The smallest.</param>
/// <param name="Maximum">The largest.</param>
/// <param name="Clusters">How many clusters have values.</param>
/// <param name="Sums">Exact sums, each as numbers that add up to it: of x, x^2, and over clusters of S, S^2, S n, n^2.</param>
/// <param name="Sketch">The distribution of the values, where percentiles are told.</param>
public sealed record ColumnSummary(long Finite, long Infinite, long MinusInfinite, double Minimum, double Maximum, long Clusters, IReadOnlyList<double[]> Sums, SketchSummary? Sketch);

/// <summary>How many values fell into each interval of a logarithmic scale.</summary>
/// <param name="Zeros">Values that are 0.</param>
/// <param name="Infinite">Values that are +Infinity.</param>
/// <param name="Positive">Pairs of an interval's number i, for (g^(i-1), g^i] with g = 1.005 / 0.995, and how many values lie in it.</param>
/// <param name="Negative">The same of the magnitudes of negative values.</param>
public sealed record SketchSummary(long Zeros, long Infinite, long[][] Positive, long[][] Negative);
