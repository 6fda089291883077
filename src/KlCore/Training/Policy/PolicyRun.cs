using KlCore.Formats;
using KlCore.Numerics;
using KlCore.Training.Optimization;

namespace KlCore.Training.Policy;

/// <summary>
/// Policies in training, one after the other, each from the reference on: that of the specification, the same under the other direction of KL, then one
/// for each coefficient of the frontier. Metrics are those of the first.
/// </summary>
internal sealed class PolicyRun : TrainingRun
{
    private const double UsualRate = 0.05;
    private static readonly Schedule DefaultSchedule = new CosineSchedule { Hold = 0.5 };

    private readonly PolicySpecification _specification;
    private readonly TokenProcess _process;
    private readonly PolicyTable _table;
    private readonly PolicyPenalty[] _penalties;
    private readonly double[] _gradient;
    private readonly double[][] _learned;
    private readonly double[] _betas;
    private OptimizerState<double> _optimizer;
    private int _policy;
    private double _loss = double.MaxValue;

    public PolicyRun(PolicySpecification specification)
    {
        (_specification, _process) = (specification, specification.Process());
        _table = new PolicyTable(_process);
        _penalties = Penalties(specification);
        _learned = [.. _penalties.Select(_ => PolicyTable.Reference(_process))];
        _betas = [.. _penalties.Select(penalty => penalty.Beta)];
        _gradient = new double[_learned[0].Length];
        _optimizer = NewOptimizer();
    }

    public override long TotalSteps => (long)_specification.Steps * _penalties.Length;

    public override long CompletedSteps => (long)_policy * _specification.Steps + _optimizer.Steps;

    public override IReadOnlyList<KeyValuePair<string, double>> Step()
    {
        var (penalty, parameters, step, beta) = (_penalties[_policy], _learned[_policy], _optimizer.Steps, _betas[_policy]);
        _table.Set(parameters);
        var measures = _table.Measure();
        var (gradient, observed) = (new PolicyGradient(_table, penalty), measures.Reverse);
        if (_specification.Gradient == GradientKind.Exact) gradient.Exact(beta, _gradient);
        else observed = gradient.Sampled(new RandomStream(_specification.Seed, CompletedSteps, "sequences"), _specification.BatchSize, beta, _gradient);
        var loss = beta * (penalty.Direction == PenaltyDirection.Reverse ? measures.Reverse : measures.Forward) - measures.Reward;
        if (!double.IsFinite(loss) || !_gradient.All(double.IsFinite)) throw new TrainingDivergedException(CompletedSteps + 1, _loss);
        var optimizer = _specification.Optimizer;
        var rate = (optimizer.LearningRate ?? UsualRate) * (optimizer.Schedule ?? DefaultSchedule).Multiplier(step, _specification.Steps);
        optimizer.Update<double>(rate, _gradient, parameters, _optimizer);
        if (!parameters.All(double.IsFinite)) throw new TrainingDivergedException(CompletedSteps, _loss);
        _loss = loss;
        if (penalty.Controller is { } controller && double.IsFinite(observed)) _betas[_policy] = Math.Clamp(controller.Next(beta, observed, _specification.BatchSize), 1e-6, 1e6);
        IReadOnlyList<KeyValuePair<string, double>> metrics = _policy > 0 ? [] :
            [new("loss", loss), new("reward", measures.Reward), new("reverse", measures.Reverse), new("forward", measures.Forward), new("beta", beta)];
        if (_optimizer.Steps == _specification.Steps) (_policy, _optimizer) = (_policy + 1, NewOptimizer());
        return metrics;
    }

    public override byte[] Save() => SafeTensors.Write(
    [
        new Tensor("policy", _policy), new Tensor("loss", _loss), new Tensor("betas", _betas),
        .. _learned.Select((parameters, i) => new Tensor($"parameters.{i}", parameters)), .. _optimizer.Save(),
    ]);

    public override void Restore(ReadOnlyMemory<byte> state)
    {
        var checkpoint = new Checkpoint(state);
        (_policy, _loss) = ((int)checkpoint.Count("policy"), checkpoint.Number("loss"));
        checkpoint.Read("betas", _betas);
        for (var i = 0; i < _learned.Length; i++) checkpoint.Read($"parameters.{i}", _learned[i]);
        _optimizer.Restore(checkpoint);
    }

    public override TrainingOutcome Finish() => new PolicyReport(_specification, _process, _penalties, _learned, _betas).Write();

    private OptimizerState<double> NewOptimizer() => new(_specification.Optimizer.Slots, _gradient.Length);

    private static PolicyPenalty[] Penalties(PolicySpecification specification)
    {
        var own = specification.Penalty;
        var other = new PolicyPenalty { Direction = own.Optimises == "KL(ref||pi)" ? PenaltyDirection.Reverse : PenaltyDirection.Forward, Beta = own.Beta };
        return [own, other, .. specification.FrontierBetas().Select(beta => own with { Beta = beta, Controller = null })];
    }
}
