using KlCore.Formats;
using KlCore.Networks;

namespace KlCore.Training.Supervised;

/// <summary>The training of a dense network in progress. Between two steps its state is the parameters, what the optimizer remembers, and what was seen so far.</summary>
internal sealed class SupervisedRun : TrainingRun
{
    /// <summary>An epoch with a loss that many times that of the untrained network learns nothing any more.</summary>
    private const double Hopeless = 20;

    /// <summary>Rows of one forward pass that judges.</summary>
    public const int JudgedAtOnce = 256;

    private readonly SupervisedSpecification _specification;
    private readonly Examples _examples;
    private readonly ExampleLoss _loss;
    private readonly Func<TrainedNetwork, TrainingOutcome> _report;
    private readonly DenseNetwork _network;
    private readonly Descent _descent;
    private readonly BestEpoch _best;
    private readonly EpochPlan _plan;
    private readonly EpochOrder _order;
    private readonly EpochHistory _history;
    private readonly FloatBuffer _inputs, _outputs, _gradient;
    private readonly int[] _chosen;
    private long _steps;
    private double _firstLoss, _lastLoss = double.MaxValue;

    /// <param name="specification">What to do.</param>
    /// <param name="examples">What to learn from.</param>
    /// <param name="loss">What to learn.</param>
    /// <param name="hasLinearEnd">Whether the last activation is left to the loss.</param>
    /// <param name="report">Makes the outcome of the trained network.</param>
    public SupervisedRun(SupervisedSpecification specification, Examples examples, ExampleLoss loss, bool hasLinearEnd, Func<TrainedNetwork, TrainingOutcome> report)
    {
        (_specification, _examples, _loss, _report) = (specification, examples, loss, report);
        _plan = new EpochPlan(specification, examples.Training.Length, examples.HeldOut.Length, DenseNetwork.CountParameters(examples.Width, specification.Layers));
        var rows = Math.Max(_plan.BatchSize, JudgedAtOnce);
        _network = DenseNetwork.Of(examples.Width, specification.Layers, rows, hasLinearEnd);
        _network.Initialize(specification.Seed);
        SetPenalties();
        _descent = new Descent(_network.Parameters, specification.Optimizer) { MaximumNorm = specification.ClipNorm ?? double.PositiveInfinity };
        _best = new BestEpoch(specification.EarlyStopping, _network.Parameters.Values.Length);
        _order = new EpochOrder(examples.Training.Length, specification.Seed);
        _history = new EpochHistory(loss.Measure, examples.HeldOut.Length > 0);
        (_inputs, _outputs, _gradient) = (new FloatBuffer(rows * _network.Inputs), new FloatBuffer(rows * _network.Outputs), new FloatBuffer(rows * _network.Outputs));
        _chosen = new int[rows];
    }

    public override long TotalSteps => _plan.TotalSteps;

    public override long CompletedSteps => _steps;

    public override bool IsComplete => _steps >= TotalSteps || (_steps % _plan.StepsPerEpoch == 0 && _best.IsOver);

    public override bool IsMilestone => _steps % _plan.StepsPerEpoch == 0;

    public override IReadOnlyList<KeyValuePair<string, double>> Step()
    {
        var (epoch, part) = (_steps / _plan.StepsPerEpoch, (int)(_steps % _plan.StepsPerEpoch));
        List<KeyValuePair<string, double>> metrics = [];
        if (part < _plan.TrainingSteps)
        {
            metrics.Add(new("loss", Train(epoch, part)));
            metrics.Add(new("gradientNorm", _descent.GradientNorm));
            metrics.Add(new("learningRate", _descent.Rate));
        }

        var judged = part - _plan.TrainingSteps + (_plan.JudgingSteps == 0 ? 1 : 0);
        if (judged >= 0) Judge(judged * _plan.RowsPerPass, Math.Min((judged + 1) * _plan.RowsPerPass, _examples.HeldOut.Length));
        if (part == _plan.StepsPerEpoch - 1) EndEpoch(epoch, metrics);
        _steps++;
        return metrics;
    }

    public override byte[] Save() =>
        SafeTensors.Write([new Tensor("steps", _steps), new Tensor("loss", _lastLoss), new Tensor("loss.first", _firstLoss), .. _descent.Save(), .. _best.Save(), .. _history.Save()]);

    public override void Restore(ReadOnlyMemory<byte> state)
    {
        var checkpoint = new Checkpoint(state);
        (_steps, _lastLoss, _firstLoss) = (checkpoint.Count("steps"), checkpoint.Number("loss"), checkpoint.Number("loss.first"));
        _descent.Restore(checkpoint);
        _best.Restore(checkpoint);
        _history.Restore(checkpoint, (int)(_steps / _plan.StepsPerEpoch));
    }

    public override TrainingOutcome Finish()
    {
        var isRestored = _best.RestoreTo(_network.Parameters.Values);
        return _report(new TrainedNetwork(_network, _examples, _history, (int)_best.Epoch, isRestored, _steps < TotalSteps));
    }

    /// <summary>One batch: forward, loss, backward, and a step down. Allocates nothing.</summary>
    internal double TrainBatch(ReadOnlySpan<int> chosen, ref double measure)
    {
        var rows = chosen.Length;
        var inputs = _inputs.Rows(rows, _network.Inputs);
        var outputs = _outputs.Rows(rows, _network.Outputs);
        var gradient = _gradient.Rows(rows, _network.Outputs);
        _examples.Gather(chosen, inputs);
        _network.Stack.Forward(inputs, outputs, new Pass(true, _specification.Seed, _descent.Steps));
        var loss = _loss.Evaluate(chosen, outputs, gradient, ref measure);
        if (!double.IsFinite(loss)) throw new TrainingDivergedException(_steps + 1, _lastLoss);
        _network.Stack.Backward(inputs, outputs, gradient, default, wantsInputGradient: false);
        if (!_descent.Step(_plan.TotalBatches)) throw new TrainingDivergedException(_steps + 1, loss);
        _lastLoss = loss;
        return loss;
    }

    private double Train(long epoch, int part)
    {
        var order = _order.Of(epoch);
        if (_descent.Steps == 0) _firstLoss = Untrained(order);
        double sum = 0;
        var (from, to) = (part * _plan.BatchesPerStep, Math.Min((part + 1) * _plan.BatchesPerStep, _plan.Batches));
        for (var batch = from; batch < to; batch++)
        {
            var some = order[(batch * _plan.BatchSize)..Math.Min((batch + 1) * _plan.BatchSize, order.Length)];
            var chosen = _chosen.AsSpan(0, some.Length);
            for (var i = 0; i < chosen.Length; i++) chosen[i] = _examples.Training[some[i]];
            double measure = 0;
            var loss = TrainBatch(chosen, ref measure);
            _history.Trained(chosen.Length, loss, measure);
            sum += loss;
        }

        return sum / (to - from);
    }

    private void Judge(int from, int to)
    {
        for (; from < to; from += JudgedAtOnce)
        {
            var chosen = _examples.HeldOut.AsSpan(from, Math.Min(JudgedAtOnce, to - from));
            double measure = 0;
            _history.Judged(chosen.Length, Evaluate(chosen, ref measure), measure);
        }
    }

    /// <summary>The loss before anything is learnt; of many examples, since a small batch may begin with a lucky one.</summary>
    private double Untrained(ReadOnlySpan<int> order)
    {
        var chosen = new int[Math.Min(JudgedAtOnce, order.Length)];
        for (var i = 0; i < chosen.Length; i++) chosen[i] = _examples.Training[order[i]];
        double measure = 0;
        return Evaluate(chosen, ref measure);
    }

    private double Evaluate(ReadOnlySpan<int> chosen, ref double measure)
    {
        var inputs = _inputs.Rows(chosen.Length, _network.Inputs);
        var outputs = _outputs.Rows(chosen.Length, _network.Outputs);
        _examples.Gather(chosen, inputs);
        _network.Stack.Forward(inputs, outputs, Pass.Inference);
        return _loss.Evaluate(chosen, outputs, default, ref measure);
    }

    private void EndEpoch(long epoch, List<KeyValuePair<string, double>> metrics)
    {
        var values = _history.EndEpoch();
        // The last update of the epoch is seen by no further batch where nothing is held out.
        foreach (var value in _network.Parameters.Values)
            if (!float.IsFinite(value)) throw new TrainingDivergedException(_steps + 1, _lastLoss);
        if (values.Any(value => !double.IsFinite(value.Value))) throw new TrainingDivergedException(_steps + 1, _lastLoss);
        if (_firstLoss > 0 && values[0].Value > Hopeless * _firstLoss) throw new TrainingDivergedException(_steps + 1, values[0].Value, _firstLoss);
        _best.Note(epoch + 1, _history.Decisive, _network.Parameters.Values);
        metrics.Add(new("epoch", epoch + 1));
        // The loss of the step itself stands under the plain name.
        foreach (var (name, value) in values) metrics.Add(new(name == "loss" ? "trainingLoss" : name, value));
    }

    private void SetPenalties()
    {
        foreach (var (index, layer) in _network.Stack.Layers.OfType<Dense>().Index())
            (layer.Weights.L1, layer.Weights.L2) = (_specification.Layers[index].L1 ?? _specification.L1, _specification.Layers[index].L2 ?? _specification.L2);
    }
}
