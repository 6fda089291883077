using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using KlApi.Host;
using KlApi.Storage;
using KlCore;
using Microsoft.AspNetCore.Mvc;

namespace KlApi.Jobs;

/// <summary><c>GET /v1/jobs/{id}/events</c></summary>
internal static class WatchJob
{
    private const int Batch = 100;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    /// <summary>Changes made by another process are seen after this time, those of this one at once.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public static void Map(RouteGroupBuilder jobs) => jobs.MapGet("/{id}/events", Handle)
        .Describe(
            "Watch a job",
            """
            Server-Sent Events from the first one on, then live, until the job is finished: `status` {status, attempts, error}, `progress` {step, totalSteps, fraction, etaSeconds}
            and `metric` {step, metrics}. Ids count from 1 without gaps; `Last-Event-ID` (or `?after=`) resumes behind the one that it names, and a client that has seen all of a
            finished job gets 204. With `Accept: application/json` a page of the same events.
            """,
            400, 404, 503)
        .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
        .Produces<Listing<EventEntry>>(StatusCodes.Status200OK, "application/json")
        .Produces(StatusCodes.Status204NoContent)
        .DisableRequestTimeout();

    private static async Task<IResult> Handle(
        string id, HttpContext context, JobStore store, JobChanges changes, IHostApplicationLifetime lifetime,
        [Description("How many events a page has at most; for JSON.")] int? limit,
        [Description("The number of the last event that was seen: what follows it is sent.")] string? after,
        [FromHeader(Name = "Last-Event-ID")][Description("The same, as browsers say it when they connect again.")] string? lastEventId)
    {
        var job = await store.FindSummary(id, context.RequestAborted) ?? throw Refusal.NotFound("job");
        var start = after is not null ? Number("after", after) : lastEventId is { Length: > 0 } last ? Number("Last-Event-ID", last) : 0;
        var count = new Paging { Limit = limit }.Count();
        if (WantsJson(context.Request))
        {
            var page = await store.EventsAfter(id, start, count + 1, context.RequestAborted);
            return Results.Ok(Listing<EventEntry>.Of(page.ConvertAll(EventEntry.Of), count));
        }

        if (job.IsFinished() && (await store.EventsAfter(id, start, 1, context.RequestAborted)).Count == 0) return Results.NoContent();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        await Stream(id, start, context.Response, store, changes, end.Token);
        return Results.Empty;
    }

    private static async Task Stream(string id, long last, HttpResponse response, JobStore store, JobChanges changes, CancellationToken end)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        // Proxies that buffer would show nothing until the end.
        response.Headers["X-Accel-Buffering"] = "no";
        var sent = Environment.TickCount64;
        using var watch = changes.Watch(id);
        try
        {
            await response.StartAsync(end);
            while (true)
            {
                var change = watch.Next();
                var (events, isOver) = await NewEvents(id, last, store, end);
                foreach (var entry in events) await response.WriteAsync($"id: {entry.Number}\nevent: {entry.Type}\ndata: {entry.Data}\n\n", end);
                if (events.Count > 0)
                {
                    last = events[^1].Number;
                    sent = Environment.TickCount64;
                }
                else if (Environment.TickCount64 - sent >= Heartbeat.TotalMilliseconds)
                {
                    await response.WriteAsync(": heartbeat\n\n", end);
                    sent = Environment.TickCount64;
                }

                await response.Body.FlushAsync(end);
                if (isOver) return;
                if (events.Count < Batch) await Task.WhenAny(change, Task.Delay(Look, end));
                end.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client left, or the process ends; with Last-Event-ID the client goes on elsewhere.
        }
    }

    /// <summary>What follows, and whether nothing will follow it. A database that is busy has no news.</summary>
    private static async Task<(List<JobEvent> Events, bool IsOver)> NewEvents(string id, long last, JobStore store, CancellationToken end)
    {
        try
        {
            // The state is read before the events: what is finished here has all its events in the table already.
            var job = await store.FindSummary(id, end);
            var events = await store.EventsAfter(id, last, Batch, end);
            return (events, job is null || (job.IsFinished() && events.Count < Batch));
        }
        catch (StorageException)
        {
            return ([], false);
        }
    }

    private static bool WantsJson(HttpRequest request) =>
        request.GetTypedHeaders().Accept is { Count: > 0 } accepted
        && accepted.OrderByDescending(type => type.Quality ?? 1).First() is { MediaType.Value: "application/json" };

    private static long Number(string name, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidInputException(name, "must be the id of an event, a whole number");
}

/// <summary>An event in a page of events.</summary>
/// <param name="Id">Counts from 1 without gaps.</param>
/// <param name="Type"><c>status</c>, <c>progress</c> or <c>metric</c>.</param>
/// <param name="Step">How many steps were done.</param>
/// <param name="Data">What the stream sends as data.</param>
internal sealed record EventEntry(long Id, string Type, long Step, JsonElement Data)
{
    public static EventEntry Of(JobEvent entry) => new(entry.Number, entry.Type, entry.Step, JsonText.Element(entry.Data));
}
