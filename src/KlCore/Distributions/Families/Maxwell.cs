using System.ComponentModel.DataAnnotations;

namespace KlCore.Distributions;

/// <summary>Maxwell's distribution: p(x) = sqrt(2/pi) x^2 exp(-x^2 / (2 scale^2)) / scale^3 for x &gt; 0.</summary>
public sealed record Maxwell : PowerOfGamma
{
    /// <summary>The deviation of each of three normal coordinates: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Scale { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("sqrt(2/pi) x^2 exp(-x^2 / (2 scale^2)) / scale^3", "x > 0", "The speed of a molecule: the length of a normal vector in space.");

    internal override GammaPower Law() => new(1.5, 2, Scale, 1, 2);
}
