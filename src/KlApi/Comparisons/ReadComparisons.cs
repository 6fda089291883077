using System.ComponentModel;
using System.Text;
using KlApi.Charts;
using KlApi.Host;
using KlApi.Storage;
using KlCore.Logits.Reports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace KlApi.Comparisons;

/// <summary><c>GET</c> and <c>DELETE /v1/comparisons…</c></summary>
internal static class ReadComparisons
{
    public static void Map(RouteGroupBuilder comparisons)
    {
        comparisons.MapGet("", List).Describe("List comparisons", "The comparisons, newest first; of one baseline with `baseline`.", 400, 503);
        comparisons.MapGet("/{id}", Get)
            .Describe("One comparison", "The report, to the byte as it was answered when it was made; or the table of llama.cpp where its numbers were asked for, with `Accept: text/plain`.", 404, 503)
            .Produces<Comparison>()
            .AlsoAnswers("text/plain");
        comparisons.MapGet("/{id}/positions", Positions)
            .Describe(
                "What each position contributed",
                """
                A row per position that counts, in the unit of the report: `row` (and `chunk`, `offset`), `forward`, `reverse`, `jensenShannon`, `totalVariation`, `hellinger`, `entropyP`,
                `entropyQ`, `noiseFloor`, the likeliest tokens `topP` and `topQ` with their probabilities, `rank` of p's likeliest token in q, the overlap of the top-k lists, and where the
                next tokens are known `target`, `logProbabilityP`, `logProbabilityQ` (target -1: not known here). As JSON lines, CSV or a NumPy array of records, by `Accept`.
                """,
                404, 409, 503)
            .Produces(200, contentType: "application/x-ndjson", additionalContentTypes: ["text/csv", "application/x-npy"])
            .DisableRequestTimeout();
        comparisons.MapGet("/{id}/summary", Summary)
            .Describe(
                "What a report takes to be merged",
                "Sums, counts and histograms, with which `POST /v1/comparisons/merge` puts reports of parts together, wherever they were made.",
                404, 503)
            .Produces<ComparisonSummary>();
        comparisons.MapGet("/{id}/chart.svg", Histogram)
            .Describe("The histogram of a comparison", "How the forward KL of the positions is distributed, on a logarithmic axis; an SVG picture.", 404, 503)
            .Produces<string>(StatusCodes.Status200OK, SvgChart.MediaType);
        comparisons.MapDelete("/{id}", Delete).Describe("Delete a comparison", "Removes the report and its positions, and gives their space back.", 404, 503, 507);
    }

    private static async Task<Ok<Listing<ComparisonEntry>>> List(
        [AsParameters] Paging paging, ComparisonTable table, [Description("Only comparisons with the baseline of this name.")] string? baseline, CancellationToken cancellation)
    {
        var count = paging.Count();
        return TypedResults.Ok(Listing<ComparisonEntry>.Of(await table.List(count + 1, paging.After, baseline, cancellation), count));
    }

    private static async Task<IResult> Get(string id, HttpContext context, ComparisonTable table, ComparisonAnswers answers, CancellationToken cancellation) =>
        answers.Report(context.Request, await table.Require(id, cancellation));

    private static async Task<IResult> Positions(string id, HttpContext context, ComparisonTable table, ComparisonAnswers answers, CancellationToken cancellation) =>
        answers.Positions(await table.Require(id, cancellation), ComparisonAnswers.Accepted(context.Request));

    private static async Task<IResult> Summary(string id, ComparisonTable table, CancellationToken cancellation) =>
        Results.Text((await table.Require(id, cancellation)).Summary, "application/json", Encoding.UTF8);

    private static async Task<IResult> Histogram(string id, ComparisonTable table, CancellationToken cancellation)
    {
        var summary = ComparisonAnswers.SummaryOf(await table.Require(id, cancellation));
        return Results.Text(SvgChart.Draw(DivergenceChart.Of(summary)), SvgChart.MediaType, Encoding.UTF8);
    }

    private static async Task<NoContent> Delete(string id, ComparisonTable table, ComparisonFiles files, StorageQuota quota, CancellationToken cancellation)
    {
        if (await table.Remove(id, cancellation) is not { } bytes) throw Refusal.NotFound("comparison");
        quota.Add(-bytes);
        files.Delete(id);
        return TypedResults.NoContent();
    }
}
