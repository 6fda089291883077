using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using KlApi.Host;
using KlCore;
using KlCore.Logits;
using KlCore.Logits.Reports;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace KlApi.Comparisons;

/// <summary>Comparisons to be ranked.</summary>
internal sealed record RankRequest : IChecked
{
    private const int Most = 50;

    /// <summary>The ids of comparisons with the same reference, 2 to 50.</summary>
    [MinLength(2)]
    [MaxLength(Most)]
    public required IReadOnlyList<string> Reports { get; init; }

    /// <summary>What they are ranked by, position by position.</summary>
    public RankingMetric Metric { get; init; }

    /// <summary>The unit of means and differences.</summary>
    public Unit Unit { get; init; }

    public void Check(Problems problems)
    {
        if (Reports.Count is < 2 or > Most) problems.Add("reports", $"must be 2 to {Most} ids, were {Reports.Count}");
        for (var i = 0; i < Math.Min(Reports.Count, Most); i++)
            if (Reports.Take(i).Contains(Reports[i])) problems.At("reports").At(i).Add("must differ from those before it");
    }
}

/// <summary><c>POST /v1/comparisons/rank</c></summary>
internal static class RankComparisons
{
    public static void Map(RouteGroupBuilder comparisons) => comparisons.MapPost("/rank", Handle)
        .Describe(
            "Rank comparisons",
            """
            Orders candidates that were compared with the same reference by the mean of a metric, and tells which differences are more than chance: candidates are compared position by
            position (paired), with errors from chunks where those are known, p-values adjusted by Holm's method, the groups that cannot be told apart at 5 %, and how many tokens it
            would take. Means are over the positions that count for all of them. `reports` are ids of comparisons that are kept here; those of the example are made up.
            """,
            404, 422, 503)
        .Example(
            "Two candidates by forward KL",
            """{ "reports": ["01K00000000000000000000000", "01K00000000000000000000001"], "metric": "forward" }""",
            note: "The ids are made up: put those of your own comparisons, the `id` in their reports.");

    private static async Task<Ok<ReportRanking>> Handle(
        Body<RankRequest> body, ComparisonTable table, ComparisonFiles files, IOptions<Limits> limits, CancellationToken cancellation)
    {
        var request = body.Value;
        var stored = new List<(StoredComparison Comparison, ComparisonSummary Summary)>();
        for (var i = 0; i < request.Reports.Count; i++)
        {
            var comparison = await table.Find(request.Reports[i], cancellation) ?? throw new RefusedException(404, "not-found", $"There is no comparison with the id at /reports/{i}.");
            stored.Add((comparison, ComparisonAnswers.SummaryOf(comparison)));
        }

        RequireComparable(stored);
        if (stored[0].Comparison.Rows * stored.Count > limits.Value.DatasetNumbers)
            throw new TooCostlyException($"Ranking holds one number for each row of each candidate in memory: {stored[0].Comparison.Rows * stored.Count}, where {limits.Value.DatasetNumbers} are allowed.");
        // Work for a processor and not for the thread of a request.
        return TypedResults.Ok(await Task.Run(() => Rank(stored, request, files, cancellation), cancellation));
    }

    private static void RequireComparable(List<(StoredComparison Comparison, ComparisonSummary Summary)> stored)
    {
        var (first, summary) = stored[0];
        for (var i = 0; i < stored.Count; i++)
        {
            var (other, options) = (stored[i].Comparison, stored[i].Summary);
            if (other.RecordBytes != Unsafe.SizeOf<Position>())
                throw new NotComputableException("no-positions", $"The report at /reports/{i} has no positions to be compared one by one: it was merged from others.");
            if (other.ReferenceSha256 != first.ReferenceSha256)
                throw new NotComputableException("different-references", $"All reports must have the same reference p; that at /reports/{i} has another one than that at /reports/0.");
            if (other.Rows != first.Rows || options.Ranges[0][0] != summary.Ranges[0][0])
                throw new NotComputableException("different-rows", $"All reports must be about the same rows; that at /reports/0 has {first.Rows}, that at /reports/{i} has {other.Rows}.");
            if (options.Options.Temperature != summary.Options.Temperature)
                throw new NotComputableException("different-options", $"All reports must have the same temperature; that at /reports/0 has {summary.Options.Temperature:R}, that at /reports/{i} has {options.Options.Temperature:R}.");
        }
    }

    private static ReportRanking Rank(
        List<(StoredComparison Comparison, ComparisonSummary Summary)> stored, RankRequest request, ComparisonFiles files, CancellationToken cancellation)
    {
        var candidates = stored.Select(entry =>
        {
            using var file = files.Open(entry.Comparison.Id) ?? throw Refusal.NotFound("comparison");
            var plan = RowPlan.Of(entry.Summary.Options, entry.Summary.ChunkRows);
            var positions = PositionRecords.Read(file.SafeFileHandle, entry.Comparison.Rows, cancellation);
            return RankingCandidate.Of(entry.Comparison.Id, positions, entry.Comparison.Rows, plan, request.Metric, entry.Summary.Ranges[0][0]);
        }).ToList();
        var chunks = stored.Select(entry => entry.Summary.ChunkRows).Distinct().ToList();
        return ReportRanking.Of(candidates, request.Metric, chunks.Count == 1 ? chunks[0] : null, request.Unit, stored[0].Summary.Ranges[0][0], cancellation);
    }
}
