using System.ComponentModel.DataAnnotations;

namespace KlCore.Distributions;

/// <summary>Rayleigh's distribution: p(x) = x exp(-x^2 / (2 scale^2)) / scale^2 for x &gt; 0.</summary>
public sealed record Rayleigh : PowerOfGamma
{
    /// <summary>The deviation of each of two normal coordinates: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Scale { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("x exp(-x^2 / (2 scale^2)) / scale^2", "x > 0", "The length of a normal vector in the plane.");

    internal override GammaPower Law() => new(1, 2, Scale, 1, 2);
}
