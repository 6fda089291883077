using System.Data.Common;
using Dapper;
using KlApi.Storage;

namespace KlApi.Jobs;

/// <summary>What a claim gives its worker.</summary>
internal sealed record Claim(JobRow Job, byte[]? Checkpoint, long FromStep, long LastNotedStep);

/// <summary>What a worker reports while it runs.</summary>
internal sealed record Beat(
    long Step, long? TotalSteps, double? EtaSeconds, string? Metrics, long ElapsedMs, byte[]? Checkpoint, long CheckpointStep, IReadOnlyList<(string Type, long Step, string Data)> Events);

/// <summary>How a run ended for good.</summary>
internal sealed record Ending(string State, string? Result, JobError? Error, IReadOnlyList<StoredArtifact> Artifacts);

/// <summary>The worker lost the job: another claim has a higher fence, or the job is over. Whatever it still has to say is not written.</summary>
internal sealed class FencedException() : Exception("Another worker has this job.");

/// <summary>
/// The writes of workers. Each names the fence that its claim was given, so that at most one worker ever commits a result: a claim makes the
/// fence greater, and after that every write of an older worker meets no row.
/// </summary>
internal sealed class JobLedger(Database database, JobChanges changes, JobMeters meters)
{
    /// <summary>After so many deaths of the process without progress in between the job is taken for their cause.</summary>
    public const int CrashLimit = 3;

    /// <summary>How long a claim holds without a beat, by the database's clock. A beat comes every second.</summary>
    public const int LeaseMs = 8000;

    public static readonly JobError Crashed = new(
        "crashed", $"The process ended {CrashLimit} times in a row while this job ran and made no progress, so it is not tried again.");

    private const string Owned = "WHERE id = @id AND fence = @fence AND state = 'running'";

    private static readonly string Claimable =
        $"id = @id AND (state IN ('queued', 'interrupted') OR (state = 'running' AND lease_until < {Dialect.Now}))";

    /// <summary>Takes the job, or returns null if it is not to be had: finished, cancelled, poisonous, or another worker's.</summary>
    public async Task<Claim?> Claim(string id, string owner, CancellationToken cancellation)
    {
        var (claim, settled) = await database.Write(
            connection =>
            {
                var settled = Settle(connection, id);
                var row = connection.QuerySingleOrDefault<JobRow>(
                    $"""
                    UPDATE training_jobs SET fence = fence + 1, attempts = attempts + 1, crashes = crashes + 1, state = 'running', owner = @owner,
                        lease_until = {Dialect.Now} + {LeaseMs}, started_at = COALESCE(started_at, {Dialect.Now})
                    WHERE {Claimable} AND cancel_requested = 0 AND crashes < {CrashLimit} RETURNING {JobRow.AllColumns}
                    """,
                    new { id, owner });
                return (row is null ? null : Begin(connection, row, owner), settled);
            },
            cancellation);
        foreach (var row in settled) meters.Finished(row);
        changes.Tell(id);
        return claim;
    }

    /// <summary>
    /// Renews the lease and notes progress, events and, where there is one, the checkpoint, which proves progress: the job did not crash the
    /// process. Returns whether a client wants the job cancelled.
    /// </summary>
    public async Task<bool> Note(string id, long fence, Beat beat, CancellationToken cancellation = default)
    {
        var cancel = await database.Write(
            connection =>
            {
                var asked = connection.QuerySingleOrDefault<bool?>(
                    $"""
                    UPDATE training_jobs SET lease_until = {Dialect.Now} + {LeaseMs}, step = CASE WHEN step > @Step THEN step ELSE @Step END,
                        total_steps = COALESCE(@TotalSteps, total_steps), eta_seconds = @EtaSeconds, metrics = COALESCE(@Metrics, metrics),
                        elapsed_ms = @ElapsedMs, crashes = CASE WHEN @progressed THEN 0 ELSE crashes END
                    {Owned} RETURNING cancel_requested
                    """,
                    new { id, fence, beat.Step, beat.TotalSteps, beat.EtaSeconds, beat.Metrics, beat.ElapsedMs, progressed = beat.Checkpoint is not null })
                    ?? throw new FencedException();
                WriteCheckpoint(connection, id, fence, beat);
                JobEvents.Append(connection, id, beat.Events);
                return asked;
            },
            cancellation);
        changes.Tell(id);
        return cancel;
    }

    /// <summary>The state that a job would resume from; null before its first checkpoint, and after its end.</summary>
    public Task<byte[]?> LastCheckpoint(string id) =>
        database.Read(connection => connection.QuerySingleOrDefault<CheckpointRow>("SELECT step, data FROM job_checkpoints WHERE job_id = @id", new { id })?.Data);

    /// <summary>Commits the end of the job. Writing the same end again, after an answer was lost, is no error.</summary>
    public async Task Finish(string id, long fence, Ending ending)
    {
        var ended = await database.Write(connection =>
        {
            var row = connection.QuerySingleOrDefault<JobRow>(
                $"""
                UPDATE training_jobs SET state = @State, result = @Result, error = @error, finished_at = {Dialect.Now}, lease_until = NULL, eta_seconds = NULL
                {Owned} RETURNING {JobRow.Columns}
                """,
                new { id, fence, ending.State, ending.Result, error = ending.Error is null ? null : JsonText.Of(ending.Error) });
            if (row is null && HasEnded(connection, id, fence, ending.State)) return null;
            if (row is null) throw new FencedException();
            foreach (var artifact in ending.Artifacts)
            {
                connection.Execute(
                    "INSERT INTO job_artifacts (job_id, name, content_type, bytes, sha256, file) VALUES (@id, @Name, @ContentType, @Bytes, @Sha256, @File)",
                    new { id, artifact.Name, artifact.ContentType, artifact.Bytes, artifact.Sha256, artifact.File });
            }

            End(connection, row);
            return row;
        });
        if (ended is not null) meters.Finished(ended);
        changes.Tell(id);
    }

    /// <summary>Hands the job back, to be taken up again after the next start; a cancelled one ends here. The process did not die of it.</summary>
    /// <param name="id">The job.</param>
    /// <param name="fence">The worker's.</param>
    /// <param name="pause">For how long nobody shall take it up.</param>
    public async Task HandBack(string id, long fence, TimeSpan pause = default)
    {
        var back = await database.Write(connection =>
        {
            var row = connection.QuerySingleOrDefault<JobRow>(
                $"""
                UPDATE training_jobs SET state = CASE WHEN cancel_requested = 1 THEN 'cancelled' ELSE 'interrupted' END, lease_until = NULL, owner = NULL,
                    finished_at = CASE WHEN cancel_requested = 1 THEN {Dialect.Now} ELSE NULL END, eta_seconds = NULL, not_before = {Dialect.Now} + @wait,
                    crashes = CASE WHEN crashes > 0 THEN crashes - 1 ELSE 0 END
                {Owned} RETURNING {JobRow.Columns}
                """,
                new { id, fence, wait = (long)pause.TotalMilliseconds }) ?? throw new FencedException();
            if (row.IsFinished())
            {
                End(connection, row);
                return row;
            }

            EndRun(connection, row);
            JobEvents.AppendStatus(connection, row);
            return row;
        });
        if (back.IsFinished()) meters.Finished(back);
        changes.Tell(id);
    }

    /// <summary>Ends what must not run again although nobody owns it: jobs whose cancelled owner died, and jobs that kill the process.</summary>
    public static List<JobRow> Settle(DbConnection connection, string id)
    {
        var settled = connection.Query<JobRow>(
            $"""
            UPDATE training_jobs SET state = CASE WHEN cancel_requested = 1 THEN 'cancelled' ELSE 'failed' END, finished_at = {Dialect.Now},
                error = CASE WHEN cancel_requested = 1 THEN NULL ELSE @error END, lease_until = NULL
            WHERE {Claimable} AND (cancel_requested = 1 OR crashes >= {CrashLimit}) RETURNING {JobRow.Columns}
            """,
            new { id, error = JsonText.Of(Crashed) }).AsList();
        foreach (var row in settled) End(connection, row);
        return settled;
    }

    /// <summary>What belongs to every end, in its transaction: nothing will resume from the checkpoint, no run is open, and watchers are told.</summary>
    public static void End(DbConnection connection, JobRow row)
    {
        connection.Execute("DELETE FROM job_checkpoints WHERE job_id = @Id", new { row.Id });
        EndRun(connection, row);
        JobEvents.AppendStatus(connection, row);
    }

    private static Claim Begin(DbConnection connection, JobRow row, string owner)
    {
        var checkpoint = connection.QuerySingleOrDefault<CheckpointRow>("SELECT step, data FROM job_checkpoints WHERE job_id = @Id", new { row.Id });
        connection.Execute($"UPDATE job_runs SET ended_at = {Dialect.Now}, outcome = 'lost' WHERE job_id = @Id AND ended_at IS NULL", new { row.Id });
        connection.Execute(
            $"INSERT INTO job_runs (job_id, fence, owner, from_step, started_at) VALUES (@Id, @Fence, @owner, @from, {Dialect.Now})",
            new { row.Id, row.Fence, owner, from = checkpoint?.Step ?? 0 });
        JobEvents.AppendStatus(connection, row);
        return new Claim(row, checkpoint?.Data, checkpoint?.Step ?? 0, JobEvents.LastNotedStep(connection, row.Id));
    }

    private static void WriteCheckpoint(DbConnection connection, string id, long fence, Beat beat)
    {
        if (beat.Checkpoint is null) return;
        connection.Execute(
            """
            INSERT INTO job_checkpoints (job_id, fence, step, data) VALUES (@id, @fence, @CheckpointStep, @Checkpoint)
            ON CONFLICT (job_id) DO UPDATE SET fence = excluded.fence, step = excluded.step, data = excluded.data
            """,
            new { id, fence, beat.CheckpointStep, beat.Checkpoint });
    }

    private static bool HasEnded(DbConnection connection, string id, long fence, string state) => connection.ExecuteScalar<long>(
        "SELECT count(*) FROM training_jobs WHERE id = @id AND fence = @fence AND state = @state", new { id, fence, state }) == 1;

    private static void EndRun(DbConnection connection, JobRow row) => connection.Execute(
        $"UPDATE job_runs SET ended_at = {Dialect.Now}, outcome = @State, to_step = @Step WHERE job_id = @Id AND ended_at IS NULL",
        new { row.Id, row.State, row.Step });

    private sealed record CheckpointRow
    {
        public long Step { get; init; }

        public byte[] Data { get; init; } = [];
    }
}
