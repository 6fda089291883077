using System.Globalization;
using System.Text;
using KlApi.Host;
using KlCore;
using KlCore.Training;
using Microsoft.Net.Http.Headers;

namespace KlApi.Jobs;

/// <summary><c>POST /v1/jobs</c></summary>
internal static class SubmitJob
{
    private const int MaxWait = 30;

    public static void Map(RouteGroupBuilder jobs) => JobKinds.AddExamples(jobs.MapPost("", Handle))
        .Describe(
            "Submit a job",
            """
            Stores the job, then answers 202 with it: from then on it is not lost, whatever happens to the process. `Location` is where to look, `Retry-After` when.
            `Prefer: wait=N` (N up to 30 s) waits for the end and answers 200 with the finished job, or 202 if it is not over by then.
            `Idempotency-Key` makes a retry safe for 24 hours: the same key and body give the first answer and no second job; another body is refused with 422, and while the
            first request is being answered a second one gets 409. `priority` 9 runs before 0, equal ones in the order of their submission.

            """ + JobKinds.Description,
            400, 409, 413, 415, 422, 429, 503, 507)
        .Produces<Job>(StatusCodes.Status202Accepted)
        .Produces<Job>()
        .DisableRequestTimeout();

    private static async Task<IResult> Handle(
        Body<TrainingSpecification> body, HttpContext context, JobStore store, JobQueue queue, JobChanges changes, KeysInFlight keys, JobInputs inputs, IHostApplicationLifetime lifetime)
    {
        var specification = body.Value;
        var wait = Wait(context.Request);
        var key = IdempotencyKey.Of(context.Request, specification);
        using var flight = keys.Enter(key);
        // A retry is answered as the first was, whatever became of the datasets since.
        if ((key is null ? null : await store.Replay(specification, key, context.RequestAborted)) is not { } submission)
        {
            CheckInputs(specification, inputs);
            submission = await store.Submit(specification, key, context.RequestAborted);
        }

        var (id, job, firstAnswer) = submission;
        if (job is { } open && !open.IsFinished()) await queue.Add(open);
        context.Response.Headers.Location = $"/v1/jobs/{id}";
        if (job is not null && wait is { } time)
        {
            context.Response.Headers["Preference-Applied"] = $"wait={time.TotalSeconds:0}";
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
            patience.CancelAfter(time);
            job = await WaitForEnd(job, store, changes, patience.Token);
            context.RequestAborted.ThrowIfCancellationRequested();
            if (job.IsFinished()) return Results.Ok(new Job(job));
        }

        context.Response.Headers.RetryAfter = "1";
        return firstAnswer is not null
            ? Results.Text(firstAnswer, "application/json", Encoding.UTF8, StatusCodes.Status202Accepted)
            : Results.Accepted(null, new Job(job!));
    }

    /// <summary>The job when it is finished, or as it is when the time is over.</summary>
    public static async Task<JobRow> WaitForEnd(JobRow job, JobStore store, JobChanges changes, CancellationToken patience)
    {
        using var watch = changes.Watch(job.Id);
        while (!patience.IsCancellationRequested)
        {
            var change = watch.Next();
            if (await store.FindSummary(job.Id, CancellationToken.None) is not { } now || now.IsFinished()) break;
            await Task.WhenAny(change, Task.Delay(TimeSpan.FromSeconds(1), patience));
        }

        return await store.Find(job.Id, CancellationToken.None) ?? job;
    }

    private static void CheckInputs(TrainingSpecification specification, ITrainingInputs inputs)
    {
        var problems = new Problems();
        specification.CheckInputs(inputs, problems);
        problems.ThrowIfAny();
    }

    /// <summary>The preference <c>wait=N</c> of RFC 7240. One that cannot be read is ignored, as the RFC asks.</summary>
    private static TimeSpan? Wait(HttpRequest request)
    {
        foreach (var preference in request.Headers.GetCommaSeparatedValues("Prefer"))
        {
            if (!NameValueHeaderValue.TryParse(preference.Split(';')[0].Trim(), out var parsed)) continue;
            if (parsed.Name.Equals("wait", StringComparison.OrdinalIgnoreCase)
                && int.TryParse(HeaderUtilities.RemoveQuotes(parsed.Value), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                return TimeSpan.FromSeconds(Math.Min(seconds, MaxWait));
        }

        return null;
    }
}
