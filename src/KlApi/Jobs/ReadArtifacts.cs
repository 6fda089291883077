using KlApi.Host;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace KlApi.Jobs;

/// <summary><c>GET /v1/jobs/{id}/artifacts</c> and <c>GET /v1/jobs/{id}/artifacts/{name}</c></summary>
internal static class ReadArtifacts
{
    public static void Map(RouteGroupBuilder jobs)
    {
        jobs.MapGet("/{id}/artifacts", List).Describe("List the artifacts of a job", "The files that a finished job left, for example its model as `model.safetensors`.", 404, 503);
        jobs.MapGet("/{id}/artifacts/{name}", Download)
            .Describe("Download an artifact", "The file as it was written. Ranges and conditional requests are answered; the entity tag is the SHA-256.", 404, 503)
            .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream");
    }

    private static async Task<Ok<Listing<ArtifactEntry>>> List(string id, JobStore store, CancellationToken cancellation)
    {
        var job = await store.FindSummary(id, cancellation) ?? throw Refusal.NotFound("job");
        var artifacts = await store.Artifacts(job.Id, cancellation);
        return TypedResults.Ok(new Listing<ArtifactEntry>(artifacts.ConvertAll(ArtifactEntry.Of), false));
    }

    private static async Task<IResult> Download(string id, string name, JobStore store, Artifacts artifacts, CancellationToken cancellation)
    {
        var job = await store.FindSummary(id, cancellation) ?? throw Refusal.NotFound("job");
        var artifact = (await store.Artifacts(job.Id, cancellation)).Find(stored => stored.Name == name)
            ?? throw new RefusedException(404, "not-found", "The job has no artifact of this name.");
        try
        {
            return Results.File(artifacts.Open(artifact), artifact.ContentType, artifact.Name, entityTag: new EntityTagHeaderValue($"\"{artifact.Sha256}\""), enableRangeProcessing: true);
        }
        catch (FileNotFoundException)
        {
            // Deleted between the two lines above.
            throw Refusal.NotFound("job");
        }
    }
}

/// <summary>A file that a job left.</summary>
/// <param name="Name">Its name within the job.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">The digest of its content, in hexadecimal.</param>
internal sealed record ArtifactEntry(string Name, string ContentType, long Bytes, string Sha256)
{
    public static ArtifactEntry Of(StoredArtifact artifact) => new(artifact.Name, artifact.ContentType, artifact.Bytes, artifact.Sha256);
}
