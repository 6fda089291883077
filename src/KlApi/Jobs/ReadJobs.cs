using System.ComponentModel;
using KlApi.Host;
using KlCore;
using Microsoft.AspNetCore.Http.HttpResults;

namespace KlApi.Jobs;

/// <summary><c>GET /v1/jobs</c> and <c>GET /v1/jobs/{id}</c></summary>
internal static class ReadJobs
{
    public static void Map(RouteGroupBuilder jobs)
    {
        jobs.MapGet("", List).Describe(
            "List jobs",
            "Newest first, without their specifications and results, which can be large: a single job has them. `status` and `kind` select.",
            400, 503);
        jobs.MapGet("/{id}", One).Describe("Read a job", "The job with its specification, its progress and, once it succeeded, its result.", 404, 503);
    }

    private static async Task<Ok<Listing<JobSummary>>> List(
        [AsParameters] Paging paging,
        [Description("Only jobs with this status: queued, running, succeeded, failed or cancelled.")] string? status,
        [Description("Only jobs of this kind.")] string? kind,
        JobStore store,
        CancellationToken cancellation)
    {
        var limit = paging.Count();
        var rows = await store.List(Status(status), Kind(kind), paging.After, limit + 1, cancellation);
        return TypedResults.Ok(Listing<JobSummary>.Of(rows.ConvertAll(row => new JobSummary(row)), limit));
    }

    private static async Task<Ok<Job>> One(string id, JobStore store, CancellationToken cancellation) =>
        TypedResults.Ok(new Job(await store.Find(id, cancellation) ?? throw Refusal.NotFound("job")));

    private static JobStatus? Status(string? text)
    {
        if (text is null) return null;
        foreach (var status in Enum.GetValues<JobStatus>())
            if (Names.Of($"{status}") == text) return status;
        throw new InvalidInputException("status", $"must be one of {string.Join(", ", Enum.GetNames<JobStatus>().Select(Names.Of))}");
    }

    private static string? Kind(string? text)
    {
        if (text is null || JsonText.Kinds().Contains(text)) return text;
        throw new InvalidInputException("kind", $"must be one of {string.Join(", ", JsonText.Kinds())}");
    }
}
