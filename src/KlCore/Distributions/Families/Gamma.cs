using System.ComponentModel.DataAnnotations;

namespace KlCore.Distributions;

/// <summary>The gamma distribution: p(x) = rate^shape x^(shape-1) exp(-rate x) / Gamma(shape) for x &gt; 0.</summary>
public sealed record Gamma : PowerOfGamma
{
    /// <summary>The exponent of x, plus 1: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Shape { get; init; }

    /// <summary>The inverse of the scale: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Rate { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("rate^shape x^(shape - 1) exp(-rate x) / Gamma(shape)", "x > 0", "The time until the shape-th of events that come at a constant rate.");

    internal override GammaPower Law() => new(Shape, 1, 1, Rate);
}
