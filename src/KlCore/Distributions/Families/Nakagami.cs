using System.ComponentModel.DataAnnotations;

namespace KlCore.Distributions;

/// <summary>Nakagami's distribution: p(x) = 2 (m/w)^m x^(2m-1) exp(-m x^2 / w) / Gamma(m) with m = shape and w = spread, for x &gt; 0.</summary>
public sealed record Nakagami : PowerOfGamma
{
    /// <summary>The shape m: positive; 1/2 gives the half-normal, 1 Rayleigh's distribution.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Shape { get; init; }

    /// <summary>E[x^2]: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Spread { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("2 (shape/spread)^shape x^(2 shape - 1) exp(-shape x^2 / spread) / Gamma(shape)", "x > 0", "The amplitude of a fading radio signal: the root of a gamma variate.");

    internal override GammaPower Law() => new(Shape, 2, 1, 1, Spread, Shape);
}
