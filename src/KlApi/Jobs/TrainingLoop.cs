using System.Diagnostics;
using KlApi.Host;
using KlCore;
using KlCore.Training;

namespace KlApi.Jobs;

/// <summary>
/// Runs a training to its end on a thread of its own, below normal priority, and does nothing else: no storage, no waiting. What it has to
/// say waits in a <see cref="LoopReport"/> until its keeper fetches it, so that a slow disk never slows a step and a slow step never delays
/// a heartbeat.
/// </summary>
internal sealed class TrainingLoop
{
    /// <summary>A checkpoint is due after this time, or this part of the run.</summary>
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(5);
    private const double CheckpointFraction = 0.05;

    /// <summary>Saving may take at most this part of the time.</summary>
    private const double SavingShare = 0.05;

    private readonly TaskCompletionSource<TrainingOutcome?> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stopwatch _clock = new();
    private readonly Claim _claim;
    private readonly ITrainingInputs _inputs;
    private volatile bool _stop, _isAbandoned;
    private TimeSpan _lastSave, _saving;
    private long _lastSavedStep;

    public TrainingLoop(Claim claim, ITrainingInputs inputs)
    {
        (_claim, _inputs) = (claim, inputs);
        Report = new LoopReport(claim);
    }

    /// <summary>What there is to tell.</summary>
    public LoopReport Report { get; }

    /// <summary>Completes with the outcome, with null if the loop was stopped, or with the exception that ended it.</summary>
    public Task<TrainingOutcome?> End => _end.Task;

    public void Start() => new Thread(Run) { IsBackground = true, Name = $"job {_claim.Job.Id}" }.Start();

    public bool IsStopping => _stop;

    /// <summary>Asks the loop to save its state after the present step and to end.</summary>
    public void Stop() => _stop = true;

    /// <summary>Asks the loop to end after the present step for good: nobody will go on from its state, which need not be saved.</summary>
    public void Abandon() => (_isAbandoned, _stop) = (true, true);

    private void Run()
    {
        Niceness.Lower();
        try
        {
            _end.SetResult(Train());
        }
        catch (Exception exception)
        {
            // Whatever a training throws fails its job, and only that.
            _end.SetException(exception);
        }
    }

    private TrainingOutcome? Train()
    {
        _clock.Start();
        var specification = Body<TrainingSpecification>.Parse(System.Text.Encoding.UTF8.GetBytes(_claim.Job.Specification!));
        using var run = specification.Start(_inputs);
        if (_claim.Checkpoint is { } checkpoint) Restore(run, checkpoint);
        Report.Begin(run);
        _lastSavedStep = run.CompletedSteps;
        while (!run.IsComplete)
        {
            if (_stop)
            {
                if (!_isAbandoned) Save(run);
                return null;
            }

            var metrics = run.Step();
            RequireNumbers(run, metrics);
            Report.Step(run, metrics, _clock.Elapsed);
            if (IsSaveDue(run)) Save(run);
        }

        return run.Finish();
    }

    /// <summary>A checkpoint that cannot be read is no fault of the client's input.</summary>
    private static void Restore(TrainingRun run, byte[] checkpoint)
    {
        try
        {
            run.Restore(checkpoint);
        }
        catch (Exception exception) when (exception is InvalidInputException or NotComputableException)
        {
            throw new InvalidDataException("The checkpoint cannot be read.", exception);
        }
    }

    private void RequireNumbers(TrainingRun run, IReadOnlyList<KeyValuePair<string, double>> metrics)
    {
        foreach (var (_, value) in metrics)
            if (double.IsNaN(value)) throw new TrainingDivergedException(run.CompletedSteps, Report.LastFiniteLoss());
    }

    /// <summary>
    /// The first checkpoint follows the first step, since it proves that the job does not kill its process; the next ones come at twice the
    /// time each, until they are as far apart as the interval.
    /// </summary>
    private bool IsSaveDue(TrainingRun run)
    {
        if (_lastSave == default) return true;
        var since = _clock.Elapsed - _lastSave;
        if (since < _saving / SavingShare) return false;
        return since >= CheckpointInterval || since >= _lastSave || run.CompletedSteps - _lastSavedStep >= CheckpointFraction * run.TotalSteps;
    }

    private void Save(TrainingRun run)
    {
        if (run.CompletedSteps == _lastSavedStep) return;
        var start = _clock.Elapsed;
        Report.Checkpoint(run.Save(), run.CompletedSteps, first: _lastSave == default);
        (_lastSave, _lastSavedStep) = (_clock.Elapsed, run.CompletedSteps);
        _saving = _lastSave - start;
    }
}
