using System.Threading.Channels;
using KlCore.Training;

namespace KlApi.Jobs;

/// <summary>
/// Where a training loop leaves what it has to tell, and its keeper fetches it: metrics, progress, the newest checkpoint. A resumed run takes
/// steps again that were told before the process died; being the same to the last bit they are not told twice.
/// </summary>
internal sealed class LoopReport(Claim claim)
{
    /// <summary>
    /// Runs with more steps than this note the metrics of every second, third, … step: the same steps however often they resume. Milestones are always noted.
    /// </summary>
    public const int MaxNoted = 4000;

    private readonly Lock _gate = new();
    private readonly Channel<bool> _nudges = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private List<(long Step, IReadOnlyList<KeyValuePair<string, double>> Metrics)> _noted = [];
    private readonly Dictionary<string, double> _latest = claim.Job.Metrics is { } metrics ? JsonText.Read<Dictionary<string, double>>(metrics) : [];
    private byte[]? _checkpoint;
    private long _checkpointStep, _step, _firstStep, _stride = 1;
    private long? _totalSteps;
    private TimeSpan _elapsed, _firstElapsed, _lastProgress;
    private long _lastProgressStep = claim.LastNotedStep;
    private double _lastFiniteLoss = double.NaN;

    /// <summary>Completes when there is something that should be written at once.</summary>
    public Task Nudge(CancellationToken cancellation) => _nudges.Reader.ReadAsync(cancellation).AsTask();

    public void Begin(TrainingRun run)
    {
        lock (_gate)
        {
            _totalSteps = run.TotalSteps;
            _step = run.CompletedSteps;
            _stride = Math.Max(1, (run.TotalSteps + MaxNoted - 1) / MaxNoted);
        }
    }

    public void Step(TrainingRun run, IReadOnlyList<KeyValuePair<string, double>> metrics, TimeSpan elapsed)
    {
        lock (_gate)
        {
            (_step, _elapsed) = (run.CompletedSteps, elapsed);
            foreach (var (name, value) in metrics) _latest[name] = value;
            // The first step of a process also compiles and warms up; the speed is that of the steps after it.
            if (_firstElapsed == default) (_firstStep, _firstElapsed) = (_step, elapsed);
            foreach (var (name, value) in metrics)
                if (name == "loss" && double.IsFinite(value)) _lastFiniteLoss = value;
            var isNoted = _step == 1 || _step % _stride == 0 || run.IsMilestone || run.IsComplete;
            if (isNoted && _step > claim.LastNotedStep) _noted.Add((_step, metrics));
        }
    }

    public void Checkpoint(byte[] state, long step, bool first)
    {
        lock (_gate) (_checkpoint, _checkpointStep) = (state, step);
        if (first) _nudges.Writer.TryWrite(true);
    }

    public double LastFiniteLoss()
    {
        lock (_gate) return _lastFiniteLoss;
    }

    /// <summary>
    /// All that was not fetched yet. The keeper must write it or, where storage fails, offer it again before it fetches more.
    /// </summary>
    /// <param name="elapsed">How long this attempt has run.</param>
    /// <param name="isLast">Whether the loop has ended, so that its last step is told as progress too.</param>
    public Beat Fetch(TimeSpan elapsed, bool isLast)
    {
        lock (_gate)
        {
            var events = _noted.ConvertAll(noted => ("metric", noted.Step, JsonText.Of(new MetricEvent(noted.Step, ToDictionary(noted.Metrics)))));
            _noted = [];
            var rate = _elapsed > _firstElapsed ? (_step - _firstStep) / (_elapsed - _firstElapsed).TotalSeconds : 0;
            double? eta = rate > 0 && _totalSteps is { } total ? Math.Round((total - _step) / rate, 1) : null;
            if (IsProgressDue(elapsed, isLast))
            {
                (_lastProgress, _lastProgressStep) = (elapsed, _step);
                events.Add(("progress", _step, JsonText.Of(new JobProgress(_step, _totalSteps, JobProgress.Ratio(_step, _totalSteps), eta))));
            }

            var latest = _latest.Count == 0 ? null : JsonText.Of(_latest);
            var beat = new Beat(_step, _totalSteps, eta, latest, claim.Job.ElapsedMs + (long)elapsed.TotalMilliseconds, _checkpoint, _checkpointStep, events);
            _checkpoint = null;
            return beat;
        }
    }

    /// <summary>Progress is told after each hundredth of the run, or after five seconds, and never goes back.</summary>
    private bool IsProgressDue(TimeSpan elapsed, bool isLast)
    {
        var steps = _step - _lastProgressStep;
        if (steps <= 0) return false;
        return isLast || steps >= 0.01 * _totalSteps || elapsed - _lastProgress >= TimeSpan.FromSeconds(5);
    }

    private static Dictionary<string, double> ToDictionary(IReadOnlyList<KeyValuePair<string, double>> metrics)
    {
        var values = new Dictionary<string, double>(metrics.Count);
        foreach (var (name, value) in metrics) values[name] = value;
        return values;
    }
}
