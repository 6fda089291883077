using KlApi.Host;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace KlApi.Datasets;

/// <summary><c>GET /v1/datasets</c>, <c>GET /v1/datasets/{id}</c> and <c>GET /v1/datasets/{id}/content</c></summary>
internal static class ReadDatasets
{
    public static void Map(RouteGroupBuilder datasets)
    {
        datasets.MapGet("", List).Describe("List datasets", "The datasets, newest first, without their columns.", 400, 503);
        datasets.MapGet("/{id}", Get).Describe("One dataset", "A dataset with its columns: name, type, and how many cells are missing.", 404, 503);
        datasets.MapGet("/{id}/content", Content)
            .Describe("Download a dataset", "The bytes that were uploaded, in their own media type. Ranges and If-None-Match work.", 404, 503)
            .Produces(200, contentType: "application/octet-stream")
            .DisableRequestTimeout();
    }

    private static async Task<Ok<Listing<Dataset>>> List([AsParameters] Paging paging, DatasetTable table, CancellationToken cancellation)
    {
        var count = paging.Count();
        return TypedResults.Ok(Listing<Dataset>.Of(await table.List(count + 1, paging.After, cancellation), count));
    }

    private static async Task<Ok<Dataset>> Get(string id, DatasetTable table, CancellationToken cancellation) =>
        await table.Find(id, cancellation) is var (dataset, _) ? TypedResults.Ok(dataset) : throw Refusal.NotFound("dataset");

    private static async Task<FileStreamHttpResult> Content(string id, DatasetTable table, DatasetFiles files, CancellationToken cancellation)
    {
        if (await table.Find(id, cancellation) is not var (dataset, _) || files.Open(dataset.Id) is not { } file) throw Refusal.NotFound("dataset");
        // Always an attachment: what somebody uploaded is never shown as a page of this site.
        return TypedResults.Stream(
            file,
            dataset.Format.ContentType(),
            dataset.Name.Replace('/', '_').Replace('\\', '_'),
            dataset.CreatedAt,
            new EntityTagHeaderValue($"\"{dataset.Sha256}\""),
            enableRangeProcessing: true);
    }
}
