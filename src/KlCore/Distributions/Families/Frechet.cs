using System.ComponentModel.DataAnnotations;

namespace KlCore.Distributions;

/// <summary>Frechet's distribution, of maxima with a heavy tail: P(X &lt;= x) = exp(-(x/scale)^(-shape)) for x &gt; 0.</summary>
public sealed record Frechet : PowerOfGamma
{
    /// <summary>How fast the upper tail falls, x^(-shape-1): positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Shape { get; init; }

    /// <summary>The scale: positive; 36.8 % of all values are below.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Scale { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("(shape/scale) (x/scale)^(-shape - 1) exp(-(x/scale)^(-shape))", "x > 0", "The largest of many values with a heavy tail.");

    internal override GammaPower Law() => new(1, -Shape, Scale);
}
