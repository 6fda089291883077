using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using KlCore.Formats;
using KlCore.Logits.Reports;

namespace KlCore.Training.LogitsComparison;

/// <summary>The report of a comparison, and the picture of it as numbers.</summary>
public sealed record LogitsComparisonResult : ComparisonReport
{
    /// <summary>For readers of JSON.</summary>
    [JsonConstructor]
    public LogitsComparisonResult()
    {
    }

    /// <summary>A report with its histogram.</summary>
    [SetsRequiredMembers]
    public LogitsComparisonResult(ComparisonReport report, DivergenceHistogram histogram) : base(report) => Histogram = histogram;

    /// <summary>How the forward KL of the positions is distributed.</summary>
    public required DivergenceHistogram Histogram { get; init; }
}

/// <summary>How many positions have a forward KL in each interval.</summary>
/// <param name="Edges">log10 of the ends of the intervals in nats, one more than there are intervals.</param>
/// <param name="Positions">How many positions lie in each.</param>
/// <param name="Description">The same in a sentence, with what has no place on such a scale: zeros and infinities.</param>
public sealed record DivergenceHistogram(IReadOnlyList<double> Edges, IReadOnlyList<double> Positions, string Description);

/// <summary>Where the numbers of a report come from.</summary>
/// <param name="P">The reference.</param>
/// <param name="Q">The model.</param>
public sealed record ComparedFiles(ComparedFile P, ComparedFile Q);

/// <summary>What one side was.</summary>
/// <param name="Baseline">The name of the baseline.</param>
/// <param name="Format">The format that was read.</param>
/// <param name="DataType">How a logit was stored.</param>
/// <param name="Vocabulary">Logits in a row.</param>
/// <param name="Sha256">SHA-256 of the file.</param>
public sealed record ComparedFile(string Baseline, LogitsFormat Format, string DataType, int Vocabulary, string Sha256)
{
    internal static ComparedFile Of(string name, IStoredLogits logits) =>
        new(name, logits.Shape.Format, logits.Shape.DataType, logits.Shape.Vocabulary, logits.Facts.Sha256);
}
