using System.Text.Json;
using System.Text.Json.Serialization;
using KlCore.Logits;
using KlCore.Logits.Reports;

namespace KlCore.Training.LogitsComparison;

/// <summary>What a comparison leaves: its result, and all that it takes to rank its report or to merge it with others.</summary>
/// <param name="Result">The result that clients see.</param>
/// <param name="Artifacts">The report and the positions as files.</param>
public sealed record LogitsComparisonOutcome(object Result, IReadOnlyList<Artifact> Artifacts) : TrainingOutcome(Result, Artifacts)
{
    private static readonly JsonSerializerOptions ReportJson = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    /// <summary>The report.</summary>
    public required ComparisonReport Report { get; init; }

    /// <summary>Sums and counts, to merge the report with others.</summary>
    public required ComparisonSummary Summary { get; init; }

    /// <summary>What each row contributed.</summary>
    public required ReadOnlyMemory<Position> Positions { get; init; }

    /// <summary>The name of the reference.</summary>
    public required string Baseline { get; init; }

    /// <summary>The hash of the reference's file.</summary>
    public required string ReferenceSha256 { get; init; }

    /// <summary>Writes the files.</summary>
    internal static LogitsComparisonOutcome Of(
        ComparisonReport report, ComparisonSummary summary, RowPlan plan, ReadOnlyMemory<Position> positions, string baseline, string referenceSha256)
    {
        var chart = DivergenceChart.Of(summary);
        var result = new LogitsComparisonResult(report, new DivergenceHistogram(chart.Series[0].X, chart.Series[0].Y, chart.Description));
        var columns = PositionColumns.Of(summary.Options, plan, report.Perplexity is not null);
        return new LogitsComparisonOutcome(
            result,
            [
                new Artifact("report.json", "application/json", JsonSerializer.SerializeToUtf8Bytes(result, ReportJson)),
                new Artifact("positions.npy", "application/x-npy", PositionArray.Write(columns, plan, positions.Span)),
            ])
        {
            Report = report,
            Summary = summary,
            Positions = positions,
            Baseline = baseline,
            ReferenceSha256 = referenceSha256,
        };
    }
}
