using System.ComponentModel.DataAnnotations;

namespace KlCore.Distributions;

/// <summary>The chi distribution, the root of a chi-squared variate: p(x) = 2^(1 - k/2) x^(k-1) exp(-x^2/2) / Gamma(k/2) with k = degreesOfFreedom.</summary>
public sealed record Chi : PowerOfGamma
{
    /// <summary>How many squares are added under the root: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double DegreesOfFreedom { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("2^(1 - degreesOfFreedom/2) x^(degreesOfFreedom - 1) exp(-x^2/2) / Gamma(degreesOfFreedom/2)", "x > 0", "The length of a vector of independent standard normal variates.");

    internal override GammaPower Law() => new(DegreesOfFreedom / 2, 2, 1, 1, 2);
}
