using KlApi.Host;
using Microsoft.AspNetCore.Http.HttpResults;

namespace KlApi.Jobs;

/// <summary><c>POST /v1/jobs/{id}/cancel</c> and <c>DELETE /v1/jobs/{id}</c></summary>
internal static class EndJobs
{
    /// <summary>A running job ends after its present step; so long the answer waits for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static void Map(RouteGroupBuilder jobs)
    {
        jobs.MapPost("/{id}/cancel", Cancel).Describe(
            "Cancel a job",
            """
            A waiting job is cancelled at once, a running one after its present step: 200 with the cancelled job, or 202 where the step takes longer than a second.
            Cancelling a cancelled job changes nothing and answers 200. A job that succeeded or failed cannot be cancelled any more: 409.
            """,
            404, 409, 503, 507)
            .Produces<Job>()
            .Produces<Job>(StatusCodes.Status202Accepted);
        jobs.MapDelete("/{id}", Delete).Describe(
            "Delete a job",
            "Removes a finished job with its metrics, events and artifacts. One that waits or runs is refused with 409: cancel it first.",
            404, 409, 503, 507);
    }

    private static async Task<IResult> Cancel(string id, JobStore store, JobQueue queue, RunningJobs running, JobChanges changes, CancellationToken cancellation)
    {
        var known = await store.FindSummary(id, cancellation) ?? throw Refusal.NotFound("job");
        var job = await store.Cancel(known.Id, cancellation) ?? throw Refusal.NotFound("job");
        RefuseEnded(job);
        if (job.State == "running")
        {
            running.Cancel(id);
            using var patience = new CancellationTokenSource(Patience);
            job = await SubmitJob.WaitForEnd(job, store, changes, patience.Token);
            // It may have come to its end in the same step.
            RefuseEnded(job);
        }
        else
        {
            await queue.Remove(id);
        }

        return job.IsFinished() ? Results.Ok(new Job(job)) : Results.Accepted(null, new Job(job));
    }

    private static async Task<NoContent> Delete(string id, JobStore store, Artifacts artifacts, CancellationToken cancellation)
    {
        var known = await store.FindSummary(id, cancellation) ?? throw Refusal.NotFound("job");
        var files = await store.Delete(known.Id, cancellation) ?? throw Refusal.Conflict("job-not-finished", "The job waits or runs; cancel it first.");
        artifacts.Delete(files);
        return TypedResults.NoContent();
    }

    private static void RefuseEnded(JobRow job)
    {
        if (job.State is "succeeded" or "failed") throw Refusal.Conflict("job-finished", $"The job has {job.State} already; there is nothing to cancel.");
    }
}
