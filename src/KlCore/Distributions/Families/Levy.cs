using System.ComponentModel.DataAnnotations;

namespace KlCore.Distributions;

/// <summary>Levy's distribution: p(x) = sqrt(scale / (2 pi)) x^(-3/2) exp(-scale / (2x)) for x &gt; 0. It has no mean.</summary>
public sealed record Levy : PowerOfGamma
{
    /// <summary>The scale: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Scale { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("sqrt(scale / (2 pi)) exp(-scale / (2 x)) / x^(3/2)", "x > 0", "The time until a Brownian motion first meets a level.");

    internal override GammaPower Law() => new(0.5, -1, Scale, 2);
}
