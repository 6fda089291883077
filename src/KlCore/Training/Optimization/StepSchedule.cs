using System.ComponentModel.DataAnnotations;

namespace KlCore.Training.Optimization;

/// <summary>The rate drops by a factor at regular intervals: factor^⌊step / every⌋.</summary>
public sealed record StepSchedule : Schedule
{
    /// <summary>How many steps lie between two drops.</summary>
    [Range(1, 1_000_000)]
    public required int Every { get; init; }

    /// <summary>What the rate is multiplied with at each drop.</summary>
    [Range(0, 1, MinimumIsExclusive = true)]
    public double Factor { get; init; } = 0.5;

    /// <inheritdoc/>
    public override double Multiplier(long step, long total) => Math.Pow(Factor, step / Every);
}
