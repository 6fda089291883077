using System.ComponentModel.DataAnnotations;

namespace KlCore.Policies;

/// <summary>How the coefficient of the KL penalty follows what is observed.</summary>
public enum ControllerKind
{
    /// <summary>Proportional in the logarithm, as Ziegler et al. have it.</summary>
    Adaptive,

    /// <summary>beta stays.</summary>
    Fixed,
}

/// <summary>
/// The controller of the KL penalty: error = clip(kl/target - 1, -clip, clip), beta becomes beta (1 + error * batchSize/horizon).
/// Source: D. Ziegler et al., "Fine-Tuning Language Models from Human Preferences" (2019), 2.2; TRL, verl and OpenRLHF have the same.
/// </summary>
public sealed record BetaController : IChecked
{
    /// <summary>Adaptive or fixed.</summary>
    public ControllerKind Controller { get; init; }

    /// <summary>The coefficient before the first observation.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Beta { get; init; }

    /// <summary>The KL to keep to, in the unit and aggregation of the observations (a sequence's sum in Ziegler and PPO; verl has means).</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double? Target { get; init; }

    /// <summary>Over how many samples beta may change by its largest factor.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double? Horizon { get; init; }

    /// <summary>The largest relative error that counts.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double Clip { get; init; } = 0.2;

    /// <summary>Samples behind each observation.</summary>
    [Range(1, int.MaxValue)]
    public int BatchSize { get; init; } = 1;

    /// <summary>The KLs observed one after the other; may be negative, as k1 is.</summary>
    public required double[] Observed { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        for (var i = 0; i < Observed.Length; i++)
            if (!double.IsFinite(Observed[i])) problems.At("observed").At(i).Add($"must be finite, was {Observed[i]:R}");
        if (Controller == ControllerKind.Fixed) return;
        if (Target is null) problems.Add("target", "is required by the adaptive controller");
        if (Horizon is null) problems.Add("horizon", "is required by the adaptive controller");
        if (Horizon > 0 && Clip * BatchSize >= Horizon)
            problems.Add("batchSize", $"must be less than horizon / clip = {Horizon / Clip:R}, was {BatchSize}: beta could become 0 or negative");
    }

    /// <summary>What beta becomes after each of the observed KLs.</summary>
    public IReadOnlyList<ControllerStep> Trace()
    {
        var problems = new Problems();
        Check(problems);
        problems.ThrowIfAny();
        var steps = new ControllerStep[Observed.Length];
        var beta = Beta;
        for (var i = 0; i < steps.Length; i++)
        {
            var error = Controller == ControllerKind.Fixed ? 0 : (Observed[i] - Target!.Value) / Target.Value;
            var clipped = Math.Clamp(error, -Clip, Clip);
            var multiplier = Controller == ControllerKind.Fixed ? 1 : 1 + (clipped * BatchSize / Horizon!.Value);
            beta *= multiplier;
            steps[i] = new(i + 1, Observed[i], error, clipped != error, multiplier, beta);
        }

        return steps;
    }
}

/// <summary>One observation and what it did.</summary>
/// <param name="Step">From 1.</param>
/// <param name="ObservedKl">The KL that was observed.</param>
/// <param name="Error">kl/target - 1, before it is clipped; 0 for the fixed controller.</param>
/// <param name="Clipped">Whether it was.</param>
/// <param name="Multiplier">By what beta was multiplied.</param>
/// <param name="Beta">beta from then on.</param>
public sealed record ControllerStep(int Step, double ObservedKl, double Error, bool Clipped, double Multiplier, double Beta);
