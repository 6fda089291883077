using System.ComponentModel.DataAnnotations;

namespace KlCore.Distributions;

/// <summary>The chi-squared distribution, the gamma distribution of shape degreesOfFreedom/2 and rate 1/2.</summary>
public sealed record ChiSquared : PowerOfGamma
{
    /// <summary>How many squares of standard normal variates are added: positive, not necessarily an integer.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double DegreesOfFreedom { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("x^(degreesOfFreedom/2 - 1) exp(-x/2) / (2^(degreesOfFreedom/2) Gamma(degreesOfFreedom/2))", "x > 0", "The sum of squares of independent standard normal variates.");

    internal override GammaPower Law() => new(DegreesOfFreedom / 2, 1, 2);
}
