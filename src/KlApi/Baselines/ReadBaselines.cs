using KlApi.Host;
using KlApi.Storage.Logits;
using KlCore.Formats;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace KlApi.Baselines;

/// <summary><c>GET /v1/baselines</c>, <c>GET /v1/baselines/{name}</c> and <c>GET /v1/baselines/{name}/content</c></summary>
internal static class ReadBaselines
{
    public static void Map(RouteGroupBuilder baselines)
    {
        baselines.MapGet("", List).Describe("List baselines", "The baselines in the order of their names; `after` is the name of the last one of the page before.", 400, 503);
        baselines.MapGet("/{name}", Get).Describe("One baseline", "What is known of a baseline without reading its rows.", 404, 503);
        baselines.MapGet("/{name}/content", Content)
            .Describe("Download a baseline", "The bytes that were uploaded. Ranges and If-None-Match work.", 404, 503)
            .Produces(200, contentType: LogitsFormats.AnyMediaType)
            .DisableRequestTimeout();
    }

    private static async Task<Ok<Listing<Baseline>>> List([AsParameters] Paging paging, BaselineTable table, CancellationToken cancellation)
    {
        var count = paging.Count(BaselineName.Is, "must be the name of a baseline");
        return TypedResults.Ok(Listing<Baseline>.Of(await table.List(count + 1, paging.After, cancellation), count));
    }

    private static async Task<Ok<Baseline>> Get(string name, BaselineTable table, CancellationToken cancellation) =>
        TypedResults.Ok((await table.Require(name, cancellation)).Baseline);

    private static async Task<FileStreamHttpResult> Content(string name, BaselineTable table, BaselineFiles files, CancellationToken cancellation)
    {
        var (baseline, id, _, _) = await table.Require(name, cancellation);
        if (files.Open(id) is not { } file) throw Refusal.NotFound("baseline");
        // Always an attachment: what somebody uploaded is never shown as a page of this site.
        return TypedResults.Stream(
            file,
            baseline.Format.MediaType(),
            name.EndsWith(baseline.Format.Extension(), StringComparison.OrdinalIgnoreCase) ? name : name + baseline.Format.Extension(),
            baseline.CreatedAt,
            new EntityTagHeaderValue($"\"{baseline.Sha256}\""),
            enableRangeProcessing: true);
    }
}
