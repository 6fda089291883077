using System.ComponentModel.DataAnnotations;

namespace KlCore.Distributions;

/// <summary>The exponential distribution: p(x) = rate exp(-rate x) for x &gt;= 0.</summary>
public sealed record Exponential : PowerOfGamma
{
    /// <summary>How many events there are in a unit of time: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Rate { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("rate exp(-rate x)", "x >= 0", "The time between events that come at a constant rate.");

    internal override GammaPower Law() => new(1, 1, 1, Rate);
}
