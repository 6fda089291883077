using System.ComponentModel.DataAnnotations;
using System.Globalization;
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

            They must have been compared alike: the same rows of the same reference, over the same tokens, with the same temperature and `skip`. Rows times candidates may be at most
            the limit `datasetNumbers` (413).
            """,
            404, 413, 422, 503)
        .Example(
            "Two candidates by forward KL",
            """{ "reports": ["01K00000000000000000000000", "01K00000000000000000000001"], "metric": "forward" }""",
            note: "The ids are made up: put those of your own comparisons, the `id` in their reports.");

    private static async Task<Ok<ReportRanking>> Handle(
        Body<RankRequest> body, ComparisonTable table, ComparisonFiles files, Admission admission, IOptions<Limits> limits, CancellationToken cancellation)
    {
        var request = body.Value;
        using var place = await admission.Enter(cancellation);
        var stored = new List<(StoredComparison Comparison, ComparisonSummary Summary)>();
        for (var i = 0; i < request.Reports.Count; i++)
        {
            var comparison = await table.Find(request.Reports[i], cancellation) ?? throw new RefusedException(404, "not-found", $"There is no comparison with the id at /reports/{i}.");
            stored.Add((comparison, ComparisonAnswers.SummaryOf(comparison)));
        }

        RequireComparable(stored);
        if (stored[0].Comparison.Rows * stored.Count > limits.Value.DatasetNumbers)
            throw new TooCostlyException($"Ranking holds one number for each row of each candidate in memory: {stored[0].Comparison.Rows * stored.Count}, where {limits.Value.DatasetNumbers} are allowed.");
        return TypedResults.Ok(await admission.ComputeLong(() => Rank(stored, request, files, cancellation), cancellation));
    }

    private static void RequireComparable(List<(StoredComparison Comparison, ComparisonSummary Summary)> stored)
    {
        var first = stored[0];
        var chunk = ChunkRows(stored);
        for (var i = 0; i < stored.Count; i++)
        {
            var other = stored[i];
            if (other.Comparison.RecordBytes != Unsafe.SizeOf<Position>())
                throw new NotComputableException("no-positions", $"The report at /reports/{i} has no positions to be compared one by one: it was merged from others.");
            if (other.Comparison.ReferenceSha256 != first.Comparison.ReferenceSha256)
                throw new NotComputableException("different-references", $"All reports must have the same reference p; that at /reports/{i} has another one than that at /reports/0.");
            Same("different-rows", "be about as many rows", i, first.Comparison.Rows, other.Comparison.Rows);
            Same("different-rows", "begin at the same row", i, first.Summary.Ranges[0][0], other.Summary.Ranges[0][0]);
            // Truncation renormalises p over the tokens that both sides have: over other tokens it is another reference.
            Same("different-vocabularies", "have compared the same tokens", i, first.Comparison.Vocabulary, other.Comparison.Vocabulary);
            Same("different-options", "have the same temperature", i, first.Summary.Options.Temperature, other.Summary.Options.Temperature);
            Same("different-options", "skip as many rows of each chunk", i, first.Summary.Options.Skip, other.Summary.Options.Skip);
            // Who does not know the chunks may be ranked by those that others know, unless they tell which rows are skipped.
            if (first.Summary.Options.Skip > 0 || other.Summary.ChunkRows is not null)
                Same("different-options", "have the same chunks", i, first.Summary.Options.Skip > 0 ? first.Summary.ChunkRows : chunk, other.Summary.ChunkRows);
        }
    }

    private static void Same<T>(string code, string must, int i, T first, T other)
    {
        if (!EqualityComparer<T>.Default.Equals(first, other))
            throw new NotComputableException(code, string.Create(CultureInfo.InvariantCulture, $"All reports must {must}; one has {(object?)first ?? "none"}, that at /reports/{i} has {(object?)other ?? "none"}."));
    }

    private static int? ChunkRows(List<(StoredComparison Comparison, ComparisonSummary Summary)> stored) =>
        stored.Select(entry => entry.Summary.ChunkRows).FirstOrDefault(rows => rows is not null);

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
        return ReportRanking.Of(candidates, request.Metric, ChunkRows(stored), request.Unit, stored[0].Summary.Ranges[0][0], cancellation);
    }
}
