namespace KlCore.Training.Optimization;

/// <summary>The full rate throughout.</summary>
public sealed record ConstantSchedule : Schedule
{
    /// <inheritdoc/>
    public override double Multiplier(long step, long total) => 1;
}
