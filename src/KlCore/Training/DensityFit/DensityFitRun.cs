using KlCore.Distributions;
using KlCore.Formats;
using KlCore.Training.Optimization;

namespace KlCore.Training.DensityFit;

/// <summary>A density fit in progress. Its state is θ, what the optimizer remembers, the step and the last loss.</summary>
internal sealed class DensityFitRun : TrainingRun
{
    private static readonly Schedule DefaultSchedule = new CosineSchedule { Hold = 0.5 };

    /// <summary>In coordinates in which the target has mean 0 and covariance 1, this suits every optimizer.</summary>
    private const double UsualRate = 0.05;

    private readonly DensityFitSpecification _specification;
    private readonly StandardTarget _target;
    private readonly GradientEstimate _estimate;
    private readonly MixtureDensity _model;
    private readonly OptimizerState<double> _optimizer;
    private readonly double[] _parameters;
    private readonly double[] _gradient;
    private double _loss = double.MaxValue;

    public DensityFitRun(DensityFitSpecification specification, StandardTarget target, int points)
    {
        (_specification, _target) = (specification, target);
        _model = specification.Model.Start()?.ToGaussianMixture() is { } start
            ? target.Coordinates.ToStandard(MixtureDensity.Of(start))
            : Initialization.Draw(target.Density, specification.Model.ComponentCount(), specification.Objective.StartWidth, specification.Seed);
        _parameters = MixtureParameters.Store(_model);
        _gradient = new double[_parameters.Length];
        _optimizer = new OptimizerState<double>(specification.Optimizer.Slots, _parameters.Length);
        _estimate = Estimate(specification, target, points);
    }

    public override long TotalSteps => _specification.Steps;

    public override long CompletedSteps => _optimizer.Steps;

    public override IReadOnlyList<KeyValuePair<string, double>> Step()
    {
        var step = CompletedSteps;
        MixtureParameters.Load(_parameters, _model);
        var loss = _estimate.Evaluate(step, _model, _gradient);
        var norm = Math.Sqrt(_gradient.Sum(element => element * element));
        if (!double.IsFinite(loss) || !double.IsFinite(norm)) throw new TrainingDivergedException(step + 1, _loss);
        if (norm > _specification.MaximumGradientNorm) Scale(_gradient, _specification.MaximumGradientNorm / norm);
        var optimizer = _specification.Optimizer;
        var rate = (optimizer.LearningRate ?? UsualRate) * (optimizer.Schedule ?? DefaultSchedule).Multiplier(step, TotalSteps);
        optimizer.Update<double>(rate, _gradient, _parameters, _optimizer);
        if (!_parameters.All(double.IsFinite)) throw new TrainingDivergedException(step + 1, _loss);
        _loss = loss;
        return [new("loss", loss), new("gradientNorm", norm), new("learningRate", rate)];
    }

    public override byte[] Save() =>
        SafeTensors.Write([new Tensor("parameters", _parameters), new Tensor("loss", _loss), .. _optimizer.Save()]);

    public override void Restore(ReadOnlyMemory<byte> state)
    {
        var checkpoint = new Checkpoint(state);
        checkpoint.Read("parameters", _parameters);
        _loss = checkpoint.Number("loss");
        _optimizer.Restore(checkpoint);
    }

    public override TrainingOutcome Finish()
    {
        MixtureParameters.Load(_parameters, _model);
        return DensityFitReport.Write(_specification, _target, _model);
    }

    private static void Scale(double[] gradient, double factor)
    {
        for (var i = 0; i < gradient.Length; i++) gradient[i] *= factor;
    }

    private static GradientEstimate Estimate(DensityFitSpecification specification, StandardTarget target, int points)
    {
        if (specification.Objective.IsLikelihood && target.Samples is not null)
            return new LikelihoodGradient(target, points, specification.Seed);
        return target.Density.Dimension == 1
            ? new QuadratureGradient(target.Density, specification.Objective)
            : new SamplingGradient(target.Density, specification.Objective, points, specification.Seed);
    }
}
