using System.Diagnostics;
using KlApi.Host;
using KlApi.Storage;
using KlCore.Training;
using Microsoft.Extensions.Options;
using Quartz;

namespace KlApi.Jobs;

/// <summary>
/// The keeper of one run: claims the job, starts its loop, and writes down what the loop tells every second and at its end. It lives on the
/// thread pool, so the lease is renewed however busy the loop is.
/// </summary>
internal sealed class RunJob(
    JobLedger ledger, RunningJobs running, Artifacts artifacts, JobInputs inputs, IEnumerable<IOutcomeKeeper> keepers, IOptions<Limits> limits,
    IHostApplicationLifetime lifetime, ILogger<RunJob> logger) : IJob
{
    private static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long a job waits that could not read its data.</summary>
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(2);

    /// <summary>How long a step may take to notice that the process ends.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(2);

    private static readonly string Owner = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var id = context.Trigger.Key.Name;
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        using var entry = new Entry(running, id);
        if (entry.Cancelled is not { } cancelled) return;
        try
        {
            if (await Persist(() => ledger.Claim(id, Owner, stopping.Token), stopping.Token) is not { } claim) return;
            await Keep(claim, cancelled, stopping.Token);
        }
        catch (FencedException)
        {
            logger.LogWarning("Job {Job} is another worker's now; nothing more is written for it here", id);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Not claimed yet, or storage fails to the end: the row is as it was, and the next start takes it up.
        }
    }

    private async Task Keep(Claim claim, CancellationToken cancelled, CancellationToken stopping)
    {
        var loop = new TrainingLoop(claim, inputs);
        using var signals = CancellationTokenSource.CreateLinkedTokenSource(cancelled, stopping);
        using var abandon = cancelled.Register(loop.Abandon);
        using var stop = stopping.Register(loop.Stop);
        try
        {
            loop.Start();
            await Accompany(claim, loop, signals.Token, cancelled, stopping);
        }
        finally
        {
            // Also when the job was lost to another worker: a loop that nobody listens to must not go on.
            loop.Stop();
        }
    }

    private async Task Accompany(Claim claim, TrainingLoop loop, CancellationToken signals, CancellationToken cancelled, CancellationToken stopping)
    {
        var (id, fence) = (claim.Job.Id, claim.Job.Fence);
        var clock = Stopwatch.StartNew();
        var (wantsCancel, isOvertime) = (false, false);
        while (!loop.End.IsCompleted)
        {
            await Pause(loop, loop.IsStopping ? CancellationToken.None : signals);
            if (stopping.IsCancellationRequested) await Task.WhenAny(loop.End, Task.Delay(StopPatience, CancellationToken.None));
            if (loop.End.IsCompleted || stopping.IsCancellationRequested) break;
            var beat = loop.Report.Fetch(clock.Elapsed, isLast: false);
            wantsCancel |= await Persist(() => ledger.Note(id, fence, beat));
            isOvertime |= beat.ElapsedMs > limits.Value.JobSeconds * 1000L;
            if (wantsCancel) loop.Abandon();
            if (isOvertime) loop.Stop();
        }

        var last = loop.Report.Fetch(clock.Elapsed, isLast: true);
        await Persist(() => ledger.Note(id, fence, last));
        if (await Ending(claim, loop, wantsCancel, isOvertime, cancelled) is not { } ending)
        {
            await Persist(() => ledger.HandBack(id, fence, loop.End.IsFaulted ? FaultPause : TimeSpan.Zero));
            return;
        }

        await Persist(() => ledger.Finish(id, fence, ending));
    }

    /// <summary>Until the next beat, or until the loop ends, has its first checkpoint, or is told to stop.</summary>
    private static async Task Pause(TrainingLoop loop, CancellationToken signals)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(signals);
        await Task.WhenAny(loop.End, loop.Report.Nudge(enough.Token), Task.Delay(BeatInterval, enough.Token));
        await enough.CancelAsync();
    }

    /// <summary>How the run ended for good, or null if it only stops here and is to go on later.</summary>
    private async Task<Ending?> Ending(Claim claim, TrainingLoop loop, bool wantsCancel, bool isOvertime, CancellationToken cancelled)
    {
        if (!loop.End.IsCompleted) return null;
        TrainingOutcome? outcome;
        string? result;
        try
        {
            outcome = await loop.End;
            result = outcome is null ? null : JsonText.OfResult(outcome.Result);
            if (outcome is not null)
                foreach (var keeper in keepers) await keeper.Keep(claim.Job.Id, outcome);
        }
        catch (Exception exception) when (StorageException.From(exception) is { } fault)
        {
            // Its data could not be read now; that is no word about the job.
            logger.LogWarning("Job {Job} waits for storage: {Fault}", claim.Job.Id, fault.Message);
            return null;
        }
        catch (Exception exception)
        {
            return Failed(JobFailures.Describe(exception, claim.Job.Id, logger)) with { Artifacts = exception is TrainingDivergedException ? await KeptCheckpoint(claim, cancelled) : [] };
        }

        if (outcome is not null && await Store(claim, outcome.Artifacts, cancelled) is { } stored) return new Ending("succeeded", result, null, stored);
        if (wantsCancel || cancelled.IsCancellationRequested) return new Ending("cancelled", null, null, []);
        if (isOvertime) return Failed(new JobError("time-limit", $"The job ran for {limits.Value.JobSeconds} s, which is the limit for one job."));
        return null;
    }

    /// <summary>The artifacts, or null if a client cancelled the job while they could not be stored: nobody need wait for a disk that never comes back.</summary>
    private async Task<List<StoredArtifact>?> Store(Claim claim, IReadOnlyList<Artifact> files, CancellationToken cancelled)
    {
        try
        {
            return await Persist(() => artifacts.Store(claim.Job.Id, claim.Job.Fence, files), cancelled);
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>The last state before a training diverged, as a file: what it had learnt until then is not lost.</summary>
    private async Task<List<StoredArtifact>> KeptCheckpoint(Claim claim, CancellationToken cancelled)
    {
        if (await Persist(() => ledger.LastCheckpoint(claim.Job.Id), CancellationToken.None) is not { } state) return [];
        return await Store(claim, [new Artifact("checkpoint.safetensors", "application/octet-stream", state)], cancelled) ?? [];
    }

    private static Ending Failed(JobError error) => new("failed", null, error, []);

    /// <summary>Writes, and goes on trying while storage is locked or full: the loop's work is kept in memory meanwhile.</summary>
    private async Task<T> Persist<T>(Func<Task<T>> write, CancellationToken stopping = default)
    {
        for (var pause = TimeSpan.FromMilliseconds(200); ; pause = TimeSpan.FromSeconds(Math.Min(2, 2 * pause.TotalSeconds)))
        {
            try
            {
                return await write();
            }
            catch (Exception exception) when (StorageException.From(exception) is { } fault)
            {
                logger.LogWarning("A job waits for storage: {Fault}", fault.Message);
                if (lifetime.ApplicationStopping.IsCancellationRequested) throw new OperationCanceledException("The process ends while storage fails.", fault, lifetime.ApplicationStopping);
                await Task.Delay(pause, stopping);
            }
        }
    }

    private Task<bool> Persist(Func<Task> write) => Persist(async () =>
    {
        await write();
        return true;
    });

    /// <summary>The job's place among those that run here; without a token when it has one already.</summary>
    private sealed class Entry(RunningJobs running, string id) : IDisposable
    {
        private readonly CancellationTokenSource? _source = running.Enter(id);

        public CancellationToken? Cancelled => _source?.Token;

        public void Dispose()
        {
            if (_source is not null) running.Leave(id);
        }
    }
}
