using System.Data.Common;
using System.Diagnostics;
using Dapper;
using KlApi.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Quartz;

namespace KlApi.Jobs;

/// <summary>
/// Brings the scheduler, which forgets everything with its process, in line with the table, which is the truth: at start everything open is
/// submitted again, and from then on whatever waits in the table without a trigger gets one.
/// </summary>
internal sealed class JobEngine(
    Database database, JobStore store, JobQueue queue, RunningJobs running, JobMeters meters, Artifacts artifacts, ISchedulerFactory schedulers,
    IHostApplicationLifetime lifetime, ILogger<JobEngine> logger) : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan ReconcileInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ForgetInterval = TimeSpan.FromHours(1);

    private const string Recover =
        $"""
        UPDATE training_jobs SET state = 'interrupted', owner = NULL, lease_until = NULL,
            not_before = {Dialect.Now} + CASE crashes WHEN 0 THEN 0 WHEN 1 THEN 500 ELSE 5000 END
        WHERE state = 'running' RETURNING {JobRow.Columns}
        """;

    private const string Waiting =
        $"""
        SELECT {JobRow.Columns} FROM training_jobs
        WHERE (state IN ('queued', 'interrupted') AND not_before <= {Dialect.Now}) OR (state = 'running' AND lease_until < {Dialect.Now})
        ORDER BY priority DESC, id
        """;

    /// <summary>Why jobs are not run as they should be, in words for an operator; null while all is well.</summary>
    private volatile string? _obstacle = "The job engine is starting.";

    /// <summary>How long the last comparison took; with very many waiting jobs they come less often.</summary>
    private TimeSpan _reconciling;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_obstacle is { } obstacle ? HealthCheckResult.Unhealthy(obstacle) : HealthCheckResult.Healthy());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await database.Ready.WaitAsync(stoppingToken);
            await Retry(Start, stoppingToken);
            var clock = Stopwatch.StartNew();
            TimeSpan? forgotten = null;
            for (var pause = ReconcileInterval; ; pause = TimeSpan.FromTicks(Math.Max(ReconcileInterval.Ticks, 50 * _reconciling.Ticks)))
            {
                await Task.Delay(pause, stoppingToken);
                await Retry(Reconcile, stoppingToken);
                if (clock.Elapsed - forgotten < ForgetInterval) continue;
                await Retry(store.ForgetOldKeys, stoppingToken);
                forgotten = clock.Elapsed;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end.
        }
        catch (StorageException damaged)
        {
            logger.LogCritical("No job is run: {Reason}", damaged.Message);
        }
    }

    /// <summary>This process owns the data directory, so whatever the table calls running belongs to a process that is dead.</summary>
    private async Task Start()
    {
        await artifacts.Sweep();
        var (recovered, settled) = await database.Write(RecoverAll);
        foreach (var job in settled) meters.Finished(job);
        if (recovered > 0) logger.LogWarning("{Count} jobs were running when the last process died; they resume from their checkpoints", recovered);
        await Reconcile();
        var scheduler = await schedulers.GetScheduler();
        lifetime.ApplicationStopping.Register(() => scheduler.Standby().AsTask());
        await scheduler.Start();
    }

    private static (int Recovered, List<JobRow> Settled) RecoverAll(DbConnection connection)
    {
        var rows = connection.Query<JobRow>(Recover).ToList();
        foreach (var row in rows)
        {
            connection.Execute($"UPDATE job_runs SET ended_at = {Dialect.Now}, outcome = 'died' WHERE job_id = @Id AND ended_at IS NULL", new { row.Id });
            JobEvents.AppendStatus(connection, row);
        }

        // Also those that were waiting: a process may have died between a cancellation and its end.
        return (rows.Count, rows.SelectMany(row => JobLedger.Settle(connection, row.Id)).ToList());
    }

    private async Task Reconcile()
    {
        var clock = Stopwatch.StartNew();
        var waiting = await database.Read(connection => connection.Query<JobRow>(Waiting).AsList());
        meters.Waiting(waiting.Count);
        foreach (var job in waiting)
        {
            // A scheduler that is shut down takes nothing any more, and the next process queues them anyway.
            if (lifetime.ApplicationStopping.IsCancellationRequested) return;
            if (!running.Contains(job.Id) && !await queue.Has(job.Id)) await queue.Add(job);
        }

        _reconciling = clock.Elapsed;
    }

    /// <summary>Does the work, however often it fails; not any more once the process ends.</summary>
    private async Task Retry(Func<Task> work, CancellationToken stopping)
    {
        while (!lifetime.ApplicationStopping.IsCancellationRequested)
        {
            try
            {
                await work();
                _obstacle = null;
                return;
            }
            catch (StorageException fault) when (fault.Fault != StorageFault.Unavailable)
            {
                logger.LogWarning("The job engine waits for storage: {Fault}", fault.Message);
            }
            catch (Exception exception) when (exception is not StorageException && !stopping.IsCancellationRequested)
            {
                // Unhandled it would end the whole service, which can still answer everything else.
                logger.LogError(exception, "The job engine failed; it tries again");
                _obstacle = "The job engine fails and tries again; the log says why.";
            }

            await Task.Delay(ReconcileInterval, stopping);
        }
    }
}
