using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace KlCore.Training.Optimization;

/// <summary>The rate grows evenly to its full size over some steps; then another schedule takes over for the rest of the run.</summary>
public sealed record WarmUpSchedule : Schedule
{
    /// <summary>How many steps the growth takes.</summary>
    [Range(1, 1_000_000)]
    public required int Steps { get; init; }

    /// <summary>What follows; the full rate throughout if it is not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Schedule? Then { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        Then?.Check(problems.At("then"));
    }

    /// <inheritdoc/>
    public override double Multiplier(long step, long total) =>
        step < Steps ? (step + 1.0) / Steps : Then?.Multiplier(step - Steps, Math.Max(1, total - Steps)) ?? 1;
}
