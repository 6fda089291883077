namespace KlCore.Training.Experiments;

/// <summary>
/// Runs of other specifications, one after the other, as one run. A run that fails is noted with its reason and the next one follows. Each run
/// has a fixed number of this one's steps, its slot, whatever it turns out to take: so progress is known from the start and a resumed
/// experiment counts as the undisturbed one does.
/// </summary>
internal abstract class ExperimentRun(ITrainingInputs inputs) : TrainingRun
{
    private readonly List<FinishedRun> _finished = [];
    private long[] _starts = [0];
    private LossCurve _losses = new();
    private TrainingRun? _current;

    /// <summary>The runs that are over, in order.</summary>
    protected IReadOnlyList<FinishedRun> Finished => _finished;

    /// <summary>How long each run is, in proportion to the others; known before any of them has run.</summary>
    protected abstract IReadOnlyList<double> Lengths { get; }

    /// <summary>
    /// What a run does; it may depend on the runs before it, if there are at least as many as <see cref="Independent"/>. Null where those left nothing for
    /// it to do.
    /// </summary>
    protected abstract TrainingSpecification? Plan(int index);

    /// <summary>How many runs, from the first on, do not depend on others.</summary>
    protected abstract int Independent { get; }

    /// <summary>What there is to tell after a step of a run: the metrics of the run, and what follows from those that are over.</summary>
    protected abstract IEnumerable<KeyValuePair<string, double>> Tell(int index, IReadOnlyList<KeyValuePair<string, double>> metrics);

    /// <summary>The outcome of the whole; at least one run succeeded.</summary>
    protected abstract TrainingOutcome Conclude();

    public override long TotalSteps => _starts[^1];

    public override long CompletedSteps => _starts[_finished.Count] + Position();

    /// <summary>Starts the first run that can be started, whose length in steps is the measure of all slots.</summary>
    public ExperimentRun Begin()
    {
        var measure = 1.0;
        for (var i = 0; i < Independent; i++)
        {
            try
            {
                var run = Plan(i)!.Start(inputs);
                measure = run.TotalSteps / Lengths[i];
                if (i == 0) _current = run;
                else run.Dispose();
                break;
            }
            catch (Exception exception) when (RunFailure.Of(exception) is not null)
            {
                // Noted when its turn comes.
            }
        }

        _starts = new long[Lengths.Count + 1];
        for (var i = 0; i < Lengths.Count; i++) _starts[i + 1] = _starts[i] + Math.Max(1, (long)Math.Round(measure * Lengths[i]));
        return this;
    }

    public override IReadOnlyList<KeyValuePair<string, double>> Step()
    {
        var (index, before) = (_finished.Count, CompletedSteps);
        IReadOnlyList<KeyValuePair<string, double>> metrics = [];
        try
        {
            _current ??= Plan(index)?.Start(inputs);
            if (_current is null) Close(FinishedRun.Skipped);
            else
            {
                while (!_current.IsComplete && CompletedSteps == before) metrics = Advance(_current);
                if (_current.IsComplete) Close(Describe(_current.Finish()));
            }
        }
        catch (Exception exception) when (RunFailure.Of(exception) is not null)
        {
            Close(new FinishedRun { Steps = _current?.CompletedSteps ?? 0, Losses = _losses, Failure = RunFailure.Of(exception) });
        }

        return [.. Tell(index, metrics)];
    }

    public override byte[] Save() => new ExperimentState(_finished, _losses, _current is { CompletedSteps: > 0 } ? _current.Save() : null).Save();

    public override void Restore(ReadOnlyMemory<byte> state)
    {
        var (finished, losses, current) = ExperimentState.Restore(state);
        if (finished.Count + (current is null ? 0 : 1) >= _starts.Length) throw new InvalidInputException("", "The checkpoint has more runs than the specification.");
        _current?.Dispose();
        _current = null;
        _finished.Clear();
        _finished.AddRange(finished);
        _losses = losses;
        if (current is null) return;
        _current = Plan(_finished.Count)?.Start(inputs) ?? throw new InvalidInputException("", "The checkpoint is in a run that the specification does not have.");
        _current.Restore(current);
    }

    public override TrainingOutcome Finish()
    {
        if (_finished.Find(run => run.Failure is null) is not null) return Conclude();
        throw new NotComputableException("every-run-failed", $"None of the {_finished.Count} runs has a result. The first: {_finished[0].Failure!.Reason}");
    }

    public override void Dispose()
    {
        _current?.Dispose();
        base.Dispose();
    }

    // A run that is longer than its slot takes several of its steps in one of these; a shorter one passes over some of these.
    private long Position()
    {
        if (_current is not { CompletedSteps: > 0 } run) return 0;
        var slot = _starts[_finished.Count + 1] - _starts[_finished.Count];
        return Math.Min(slot - 1, (long)((Int128)run.CompletedSteps * slot / run.TotalSteps));
    }

    private IReadOnlyList<KeyValuePair<string, double>> Advance(TrainingRun run)
    {
        var metrics = run.Step();
        var last = _losses.Values.Count > 0 ? _losses.Values[^1] : double.NaN;
        foreach (var (name, value) in metrics)
        {
            if (double.IsNaN(value)) throw new TrainingDivergedException(run.CompletedSteps, last);
            if (name == "loss") _losses.Note(run.CompletedSteps, run.TotalSteps, value);
        }

        return metrics;
    }

    private FinishedRun Describe(TrainingOutcome outcome) => new()
    {
        Steps = _current!.CompletedSteps,
        Scores = outcome.Scores,
        Traits = outcome.Traits,
        Losses = _losses,
        Overlay = outcome.Overlay,
    };

    private void Close(FinishedRun run)
    {
        _finished.Add(run);
        _losses = new LossCurve();
        _current?.Dispose();
        _current = null;
    }
}
