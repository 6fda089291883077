using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using KlCore.Charts;
using KlCore.Training.Optimization;

namespace KlCore.Training.Policy;

/// <summary>
/// Optimises a policy for reward at a price: E[reward] - beta KL, with KL to a reference in either direction, by its gradient or by the estimators that
/// trainers of language models use. Small enough that the best policy is known in closed form, so that what a choice of penalty really optimises is seen.
/// </summary>
/// <remarks>
/// The policy begins at the reference. Beside it the same is trained with the other direction, and with other coefficients: the frontier of reward and KL.
/// D. Ziegler et al., "Fine-tuning language models from human preferences" (2019); J. Schulman, "Approximating KL divergence" (2020).
/// </remarks>
public sealed record PolicySpecification : TrainingSpecification
{
    // Tens of nanoseconds each: a step stays below 50 ms.
    private const double MostWork = 1e6;
    private const double MostWorkInAll = 1e12;

    /// <summary>What the policy acts in.</summary>
    public required PolicyEnvironment Environment { get; init; }

    /// <summary>What keeps it near the reference.</summary>
    public PolicyPenalty Penalty { get; init; } = new();

    /// <summary>Whether the gradient is exact, or comes from a batch of sequences that the policy draws.</summary>
    public GradientKind Gradient { get; init; }

    /// <summary>How steps are made; adam with a rate of 0.05 by default. Without a schedule the rate is kept for half of the steps and then falls to zero along a cosine.</summary>
    public Optimizer Optimizer { get; init; } = new Adam();

    /// <summary>How many steps.</summary>
    [Range(1, 1_000_000)]
    public int Steps { get; init; } = 2000;

    /// <summary>How many sequences a sampled gradient comes from; with a controller also what it takes a step for.</summary>
    [Range(1, 100_000)]
    public int BatchSize { get; init; } = 64;

    /// <summary>Coefficients that the same is trained with, for the frontier; a quarter, half, twice and four times the penalty's if not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? Frontier { get; init; }

    internal override string ObjectiveMember => "/penalty";

    internal override Budget? Length => new("/steps", Steps);

    /// <summary>The coefficients of the frontier.</summary>
    internal IReadOnlyList<double> FrontierBetas() => Frontier ?? [.. new[] { 0.25, 0.5, 2, 4 }.Select(factor => factor * Penalty.Beta)];

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        var environment = Environment;
        environment.Check(problems.At("environment"));
        Penalty.Check(problems.At("penalty"));
        Optimizer.Check(problems.At("optimizer"));
        if (Frontier is { Length: > 50 }) problems.Add("frontier", $"must have at most 50 coefficients, had {Frontier.Length}");
        for (var i = 0; i < Frontier?.Length; i++)
            if (Frontier[i] is not (>= 1e-6 and <= 1e6)) problems.At("frontier").At(i).Add($"must be at least 1E-06 and at most 1000000, was {Frontier[i]:R}");
        if (Penalty.Controller is { } controller && controller.Clip * BatchSize >= controller.Horizon)
            problems.At("penalty").At("controller").Add("horizon", $"must be greater than clip times batchSize, {controller.Clip * BatchSize:R}, was {controller.Horizon:R}: beta could become 0 or negative");
        if (!problems.Any) CheckWork(problems);
    }

    /// <inheritdoc/>
    public override TrainingRun Start(ITrainingInputs inputs) => new PolicyRun(this);

    /// <inheritdoc/>
    public override IReadOnlyList<string> ChartNames() => ["reward", "kl", "frontier", "policy"];

    /// <inheritdoc/>
    public override Chart? Draw(string name, IReadOnlyDictionary<string, MetricHistory> history, ReadOnlyMemory<byte>? result) => name switch
    {
        "reward" => PolicyCharts.Reward(history, result),
        "kl" => PolicyCharts.Divergences(history),
        "frontier" => PolicyCharts.Frontier(result),
        "policy" => PolicyCharts.Policy(result),
        _ => null,
    };

    /// <summary>What the environment is in numbers.</summary>
    internal TokenProcess Process()
    {
        var environment = Environment;
        return environment.Process();
    }

    private void CheckWork(Problems problems)
    {
        var process = Process();
        double table = 4.0 * process.States * process.Vocabulary, batch = Gradient == GradientKind.Exact ? 0 : (double)BatchSize * process.Length * (process.Vocabulary + 20);
        if (batch + table > MostWork)
            problems.Add("batchSize", $"must be at most {Math.Max(1, (int)((MostWork - table) / (process.Length * (process.Vocabulary + 20.0))))} for sequences of this length and vocabulary, was {BatchSize}");
        else if ((batch + table) * Steps * (2 + FrontierBetas().Count) is > MostWorkInAll and var work)
            problems.Add("steps", $"must be fewer: {Steps} steps for {2 + FrontierBetas().Count} policies are some {work:G2} operations, where {MostWorkInAll:G2} are allowed");
    }
}

/// <summary>Where a gradient comes from.</summary>
public enum GradientKind
{
    /// <summary>All sequences, by their probabilities.</summary>
    Exact,

    /// <summary>Sequences that are drawn.</summary>
    Sampled,
}
