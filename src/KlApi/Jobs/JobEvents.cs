using System.Data.Common;
using Dapper;

namespace KlApi.Jobs;

/// <summary>One thing that happened to a job. Numbers count from 1 and have no gaps.</summary>
/// <param name="Number">Its place in the order of events of this job.</param>
/// <param name="Type"><c>status</c>, <c>progress</c> or <c>metric</c>.</param>
/// <param name="Step">How many steps were done.</param>
/// <param name="Data">What is told, as JSON.</param>
internal sealed record JobEvent(long Number, string Type, long Step, string Data);

/// <summary>What a metric event tells: the values noted at one step.</summary>
internal sealed record MetricEvent(long Step, IReadOnlyDictionary<string, double> Metrics);

/// <summary>What a status event tells.</summary>
internal sealed record StatusEvent(JobStatus Status, int Attempts, JobError? Error);

/// <summary>The events of jobs, appended in the transaction of what they tell.</summary>
internal static class JobEvents
{
    public static void Append(DbConnection connection, string jobId, IReadOnlyList<(string Type, long Step, string Data)> events)
    {
        if (events.Count == 0) return;
        var last = connection.ExecuteScalar<long>(
            "UPDATE training_jobs SET last_event = last_event + @count WHERE id = @jobId RETURNING last_event", new { jobId, count = events.Count });
        var first = last - events.Count + 1;
        connection.Execute(
            "INSERT INTO job_events (job_id, number, type, step, data) VALUES (@jobId, @number, @type, @step, @data)",
            events.Select((entry, index) => new { jobId, number = first + index, type = entry.Type, step = entry.Step, data = entry.Data }));
    }

    /// <summary>Tells the status that the row has now.</summary>
    public static void AppendStatus(DbConnection connection, JobRow row)
    {
        var error = row.Error is { } text ? JsonText.Read<JobError>(text) : null;
        Append(connection, row.Id, [("status", row.Step, JsonText.Of(new StatusEvent(JobFacts.StatusOf(row), row.Attempts, error)))]);
    }

    public static List<JobEvent> After(DbConnection connection, string jobId, long number, int limit) => connection.Query<JobEvent>(
        "SELECT number, type, step, data FROM job_events WHERE job_id = @jobId AND number > @number ORDER BY number LIMIT @limit",
        new { jobId, number, limit }).AsList();

    /// <summary>All metric events in the order of their steps.</summary>
    public static List<MetricEvent> Metrics(DbConnection connection, string jobId) => connection.Query<string>(
        "SELECT data FROM job_events WHERE job_id = @jobId AND type = 'metric' ORDER BY number", new { jobId })
        .Select(JsonText.Read<MetricEvent>).ToList();

    /// <summary>The last step whose metrics are noted; a resumed run, which takes steps again, notes only later ones.</summary>
    public static long LastNotedStep(DbConnection connection, string jobId) => connection.ExecuteScalar<long?>(
        "SELECT step FROM job_events WHERE job_id = @jobId AND type <> 'status' ORDER BY number DESC LIMIT 1", new { jobId }) ?? 0;
}
