using System.ComponentModel.DataAnnotations;

namespace KlCore.Distributions;

/// <summary>Weibull's distribution: p(x) = (shape/scale) (x/scale)^(shape-1) exp(-(x/scale)^shape) for x &gt;= 0.</summary>
public sealed record Weibull : PowerOfGamma
{
    /// <summary>The shape: positive; below 1 the failure rate falls with age, above it grows.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Shape { get; init; }

    /// <summary>The scale: positive; 63.2 % of all values are below.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Scale { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("(shape/scale) (x/scale)^(shape - 1) exp(-(x/scale)^shape)", "x >= 0", "The time until the weakest of many parts fails.");

    internal override GammaPower Law() => new(1, Shape, Scale);
}
