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
    private const double MaximumWorkPerStep = 2e7;

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
    /// How many points a step looks at: of the samples under forward KL (default: all up to 4096), otherwise draws of p and of q each where
    /// there is no quadrature (default 128).
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

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        Target.Check(problems.At("target"));
        Model.Check(problems.At("model"));
        Objective.Check(problems.At("objective"));
        Optimizer.Check(problems.At("optimizer"));
        if (!problems.Any && Target.Dimension() is { } dimension) CheckTogether(dimension, problems);
    }

    /// <inheritdoc/>
    public override IEnumerable<DatasetColumns> Datasets() => Target.Source() is { } source ? [source] : [];

    /// <inheritdoc/>
    public override TrainingRun Start(ITrainingInputs inputs)
    {
        var target = Target.Prepare(inputs);
        var problems = new Problems();
        CheckTogether(target.Density.Dimension, problems);
        problems.ThrowIfAny();
        return new DensityFitRun(this, target);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ChartNames() => ["loss", "density"];

    /// <inheritdoc/>
    public override Chart? Draw(string name, IReadOnlyDictionary<string, MetricHistory> history, ReadOnlyMemory<byte>? result) => name switch
    {
        "loss" => DensityFitCharts.Loss(history),
        "density" => DensityFitCharts.Density(result),
        _ => null,
    };

    internal int DrawsPerStep(int dimension) => BatchSize ?? (dimension > 20 ? 64 : 128);

    private void CheckTogether(int dimension, Problems problems)
    {
        Model.CheckDimension(dimension, problems.At("model"));
        var work = (double)Model.ComponentCount() * dimension * dimension * (BatchSize ?? 128);
        if (work > MaximumWorkPerStep)
            problems.Add("batchSize", $"must be smaller: components × dimensions² × batchSize must be at most {MaximumWorkPerStep:R}, was {work:R}");
    }
}
