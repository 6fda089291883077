using System.Data.Common;
using Dapper;
using KlApi.Host;
using KlApi.Storage;
using KlCore.Training;
using Microsoft.Extensions.Options;

namespace KlApi.Jobs;

/// <summary>What was submitted: a new job, or what the same idempotency key was given first: that job, unless it was deleted, and the answer.</summary>
internal sealed record Submission(string Id, JobRow? Job, string? FirstAnswer);

/// <summary>The reads and writes of clients. What workers write is in <see cref="JobLedger"/>.</summary>
internal sealed class JobStore(Database database, JobChanges changes, JobMeters meters, IOptions<Limits> limits, TimeProvider time)
{
    /// <summary>How long an idempotency key is remembered.</summary>
    private const long KeyLifeMs = 24 * 3600 * 1000;

    /// <summary>Stores a job and its idempotency key in one transaction. It is durable when this returns.</summary>
    public Task<Submission> Submit(TrainingSpecification specification, IdempotencyKey? key, CancellationToken cancellation)
    {
        var row = new { id = Ids.Next(time), kind = JsonText.KindOf(specification), specification = JsonText.Of(specification), priority = specification.Priority };
        return database.Write(
            connection =>
            {
                if (key is not null && First(connection, key, specification) is { } first) return first;
                if (connection.ExecuteScalar<long>("SELECT count(*) FROM training_jobs WHERE state IN ('queued', 'running', 'interrupted')") >= limits.Value.OpenJobs)
                    throw Refusal.Overloaded($"There are {limits.Value.OpenJobs} jobs waiting or running, which is the limit; come back when some are done.", TimeSpan.FromSeconds(5));
                var job = connection.QuerySingle<JobRow>(
                    $"""
                    INSERT INTO training_jobs (id, kind, specification, priority, state, created_at)
                    VALUES (@id, @kind, @specification, @priority, 'queued', {Dialect.Now}) RETURNING {JobRow.AllColumns}
                    """,
                    row);
                JobEvents.AppendStatus(connection, job);
                if (key is not null) Remember(connection, key, job);
                return new Submission(job.Id, job, null);
            },
            cancellation);
    }

    /// <summary>What the key was given first, or null if it is new.</summary>
    public Task<Submission?> Replay(TrainingSpecification specification, IdempotencyKey key, CancellationToken cancellation) =>
        database.Read(connection => First(connection, key, specification), cancellation);

    public Task<JobRow?> Find(string id, CancellationToken cancellation) => Read(id, JobRow.AllColumns, cancellation);

    public Task<JobRow?> FindSummary(string id, CancellationToken cancellation) => Read(id, JobRow.Columns, cancellation);

    public Task<List<JobRow>> List(JobStatus? status, string? kind, string? after, int limit, CancellationToken cancellation)
    {
        string[] states = status switch
        {
            null => [],
            JobStatus.Queued => ["queued", "interrupted"],
            { } one => [Names.Of($"{one}")],
        };
        return database.Read(
            connection => connection.Query<JobRow>(
                $"""
                SELECT {JobRow.Columns} FROM training_jobs
                WHERE {(states.Length > 0 ? "state IN @states" : "1 = 1")} AND (@kind IS NULL OR kind = @kind) AND (@after IS NULL OR id < @after)
                ORDER BY id DESC LIMIT @limit
                """,
                new { states, kind, after, limit }).AsList(),
            cancellation);
    }

    /// <summary>Marks the job as cancelled: at once if it waits, by a word to its worker if it runs. Null if there is no such job.</summary>
    public async Task<JobRow?> Cancel(string id, CancellationToken cancellation)
    {
        var (row, isNew) = await database.Write(
            connection =>
            {
                var ended = connection.QuerySingleOrDefault<JobRow>(
                    $"""
                    UPDATE training_jobs SET state = 'cancelled', cancel_requested = 1, finished_at = {Dialect.Now}
                    WHERE id = @id AND state IN ('queued', 'interrupted') RETURNING {JobRow.AllColumns}
                    """,
                    new { id });
                if (ended is not null) JobLedger.End(connection, ended);
                else connection.Execute("UPDATE training_jobs SET cancel_requested = 1 WHERE id = @id AND state = 'running'", new { id });
                return (ended ?? connection.QuerySingleOrDefault<JobRow>($"SELECT {JobRow.AllColumns} FROM training_jobs WHERE id = @id", new { id }), ended is not null);
            },
            cancellation);
        if (isNew) meters.Finished(row!);
        changes.Tell(id);
        return row;
    }

    /// <summary>Removes a finished job with all that belongs to it, and returns the files that are nobody's now. Null if it is not finished.</summary>
    public Task<List<StoredArtifact>?> Delete(string id, CancellationToken cancellation) => database.Write(
        connection =>
        {
            var state = connection.QuerySingleOrDefault<string>("SELECT state FROM training_jobs WHERE id = @id", new { id }) ?? throw Refusal.NotFound("job");
            if (state is not ("succeeded" or "failed" or "cancelled")) return null;
            var files = ArtifactsOf(connection, id);
            connection.Execute("DELETE FROM training_jobs WHERE id = @id", new { id });
            return files;
        },
        cancellation);

    public Task<List<JobEvent>> EventsAfter(string id, long number, int limit, CancellationToken cancellation) =>
        database.Read(connection => JobEvents.After(connection, id, number, limit), cancellation);

    public Task<List<MetricEvent>> Metrics(string id, CancellationToken cancellation) =>
        database.Read(connection => JobEvents.Metrics(connection, id), cancellation);

    public Task<List<StoredArtifact>> Artifacts(string id, CancellationToken cancellation) =>
        database.Read(connection => ArtifactsOf(connection, id), cancellation);

    /// <summary>Forgets idempotency keys of yesterday.</summary>
    public Task ForgetOldKeys() => database.Write(
        connection => connection.Execute($"DELETE FROM idempotency_keys WHERE created_at < {Dialect.Now} - {KeyLifeMs}"));

    private Task<JobRow?> Read(string id, string columns, CancellationToken cancellation) => !Ids.IsWellFormed(id)
        ? Task.FromResult<JobRow?>(null)
        : database.Read(connection => connection.QuerySingleOrDefault<JobRow>($"SELECT {columns} FROM training_jobs WHERE id = @id", new { id }), cancellation);

    private static List<StoredArtifact> ArtifactsOf(DbConnection connection, string id) => connection.Query<StoredArtifact>(
        "SELECT name, content_type, bytes, sha256, file FROM job_artifacts WHERE job_id = @id ORDER BY name", new { id }).AsList();

    private static Submission? First(DbConnection connection, IdempotencyKey key, TrainingSpecification specification)
    {
        var known = connection.QuerySingleOrDefault<KeyRow>(
            $"SELECT request_hash, job_id, created_at FROM idempotency_keys WHERE key = @Text AND created_at >= {Dialect.Now} - {KeyLifeMs}", new { key.Text });
        if (known is null) return null;
        if (known.RequestHash != key.RequestHash)
            throw new RefusedException(422, "idempotency-key-reused", "This Idempotency-Key came with another body before; use a new key for a new job.");
        var job = connection.QuerySingleOrDefault<JobRow>($"SELECT {JobRow.AllColumns} FROM training_jobs WHERE id = @JobId", new { known.JobId });
        // The first answer, also of a job that was deleted: a job as it is queued says only what this request says again, its id and its time.
        var queued = new JobRow
        {
            Id = known.JobId,
            Kind = JsonText.KindOf(specification),
            State = "queued",
            Priority = specification.Priority,
            Specification = JsonText.Of(specification),
            CreatedAt = known.CreatedAt,
        };
        return new Submission(known.JobId, job, JsonText.Of(new Job(queued)));
    }

    private static void Remember(DbConnection connection, IdempotencyKey key, JobRow job) => connection.Execute(
        """
        INSERT INTO idempotency_keys (key, request_hash, job_id, created_at) VALUES (@Text, @RequestHash, @Id, @CreatedAt)
        ON CONFLICT (key) DO UPDATE SET request_hash = excluded.request_hash, job_id = excluded.job_id, created_at = excluded.created_at
        """,
        new { key.Text, key.RequestHash, job.Id, job.CreatedAt });

    private sealed record KeyRow
    {
        public string RequestHash { get; init; } = "";

        public string JobId { get; init; } = "";

        public long CreatedAt { get; init; }
    }
}
