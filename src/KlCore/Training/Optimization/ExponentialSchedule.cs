using System.ComponentModel.DataAnnotations;

namespace KlCore.Training.Optimization;

/// <summary>The rate falls evenly on a logarithmic scale, to a fraction of itself at the end: finalFraction^(step / total).</summary>
public sealed record ExponentialSchedule : Schedule
{
    /// <summary>What is left of the rate at the end.</summary>
    [Range(0, 1, MinimumIsExclusive = true)]
    public double FinalFraction { get; init; } = 0.01;

    /// <inheritdoc/>
    public override double Multiplier(long step, long total) => Math.Pow(FinalFraction, (double)step / Math.Max(1, total));
}
