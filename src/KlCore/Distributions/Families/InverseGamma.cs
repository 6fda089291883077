using System.ComponentModel.DataAnnotations;

namespace KlCore.Distributions;

/// <summary>The inverse gamma distribution, of 1/x with x from a gamma distribution of rate scale: p(x) = scale^shape x^(-shape-1) exp(-scale/x) / Gamma(shape) for x &gt; 0.</summary>
public sealed record InverseGamma : PowerOfGamma
{
    /// <summary>How fast the upper tail falls, x^(-shape-1): positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Shape { get; init; }

    /// <summary>The scale: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Scale { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("scale^shape x^(-shape - 1) exp(-scale / x) / Gamma(shape)", "x > 0", "The reciprocal of a gamma variate; the conjugate prior of a normal's variance.");

    internal override GammaPower Law() => new(Shape, -1, Scale);
}
