using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using KlCore.Charts;
using KlCore.Training.Optimization;

namespace KlCore.Training.DensityFit;

/// <summary>
/// Fits a model q to a target p under a divergence, and shows what the choice of divergence does: forward KL covers all modes, reverse KL
/// settles on one.
/// </summary>
/// <remarks>
/// The fit works in coordinates in which the target has mean 0 and covariance 1, so learning rates mean the same for all data; the
/// result is in the original ones. In one dimension gradients come from quadrature and nothing is random after the start. In more
/// they come from draws of p and q. Forward KL to samples is maximum likelihood; every other objective needs a density of p, and
/// takes a kernel estimate from the samples.
/// </remarks>
public sealed record DensityFitSpecification : TrainingSpecification
{
    /// <summary>p: a family, samples, or columns of a dataset.</summary>
    public required FitTarget Target { get; init; }

    /// <summary>The family of q.</summary>
    public required DensityModel Model { get; init; }

    /// <summary>What is made small.</summary>
    public Objective Objective { get; init; } = new ForwardKl();

    /// <summary>
    /// How. Without a schedule the rate is kept for half of the steps and then falls to zero along a cosine, so that the last steps settle.
    /// </summary>
    public Optimizer Optimizer { get; init; } = new Adam();

    /// <summary>How many steps.</summary>
    [Range(1, 1_000_000)]
    public int Steps { get; init; } = 2000;

    /// <summary>
    /// How many points a step looks at: of the samples under forward KL (default: all, up to 4096), otherwise draws of p and of q each where
    /// there is no quadrature (default: 128, fewer where a draw is much work). Refused where a step would then take too long.
    /// </summary>
    [Range(1, 100_000)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? BatchSize { get; init; }

    /// <summary>
    /// How long a gradient may be: a longer one is shortened. Far from the target the objectives that punish gaps (alpha below −1) have
    /// gradients of thousands, after which an optimizer that remembers them would stand still.
    /// </summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double MaximumGradientNorm { get; init; } = 10;

    internal override string ObjectiveMember => "/objective";

    internal override Budget Length => new("/steps", Steps);

    internal override double? Seconds() => Target.Dimension() is { } dimension ? Steps * StepCost.Of(this, dimension, Target.Work()).Seconds() : null;

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        Target.Check(problems.At("target"));
        Model.Check(problems.At("model"));
        Objective.Check(problems.At("objective"));
        Optimizer.Check(problems.At("optimizer"));
        if (problems.Any || Target.Dimension() is not { } dimension) return;
        Model.CheckDimension(dimension, problems.At("model"));
        Target.CheckObjective(Objective, problems.At("objective"));
        StepCost.Of(this, dimension, Target.Work()).Check(problems);
    }

    /// <inheritdoc/>
    public override IEnumerable<DatasetColumns> Datasets() => Target.Source() is { } source ? [source] : [];

    /// <inheritdoc/>
    public override TrainingRun Start(ITrainingInputs inputs)
    {
        var target = Target.Prepare(inputs);
        var problems = new Problems();
        Model.CheckDimension(target.Density.Dimension, problems.At("model"));
        var cost = StepCost.Of(this, target.Density.Dimension, target.Density.Work());
        cost.Check(problems);
        problems.ThrowIfAny();
        return new DensityFitRun(this, target, cost.Points);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ChartNames() => ["loss", "density"];

    /// <inheritdoc/>
    public override Chart? Draw(string name, IReadOnlyDictionary<string, MetricHistory> history, ReadOnlyMemory<byte>? result) => name switch
    {
        "loss" => DensityFitCharts.Loss(history),
        "density" => DensityFitCharts.Density(result, Target.CoordinateNames()),
        _ => null,
    };
}
