using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>
/// The generalized normal distribution: p(x) = shape exp(-|z|^shape) / (2 scale Gamma(1/shape)) with z = (x - location)/scale: Laplace's for shape 1, a
/// normal one of variance scale^2/2 for shape 2, nearly uniform for large shapes.
/// </summary>
public sealed record GeneralizedNormal : LocationScale
{
    /// <summary>The mean: any finite number.</summary>
    [Range(double.MinValue, double.MaxValue)]
    public override required double Location { get; init; }

    /// <summary>The distance from the mean at which the density has fallen to 1/e of its peak: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public override required double Scale { get; init; }

    /// <summary>The exponent: positive; the larger, the lighter the tails.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Shape { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("shape exp(-|z|^shape) / (2 scale Gamma(1/shape)), z = (x - location)/scale", "all x", "Errors whose tails are chosen: from Laplace's over the normal to the uniform.");

    internal override double StandardLogDensity(double z) => -Math.Pow(Math.Abs(z), Power) - LogNorm();

    internal override double StandardCumulative(double z) => StandardSurvival(-z);

    internal override double StandardSurvival(double z)
    {
        var power = Math.Pow(Math.Abs(z), Power);
        // Far below 1 the power of a large shape is no double, but its root is.
        if (power < 1e-290) return 0.5 - 0.5 * z * Math.Exp(-GammaFunctions.LogGammaOnePlus(1 / Power));
        return z >= 0 ? 0.5 * IncompleteGamma.Upper(1 / Power, power) : 0.5 + 0.5 * IncompleteGamma.Lower(1 / Power, power);
    }

    internal override double? StandardVariance() => Math.Exp(GammaFunctions.LogGammaOnePlus(3 / Power) - GammaFunctions.LogGammaOnePlus(1 / Power)) / 3;

    internal override double StandardEntropy() => 1 / Power + LogNorm();

    internal override double StandardDraw(RandomStream random)
    {
        var size = Math.Exp(GammaDraw.LogOf(1 / Power, random) / Power);
        return (random.NextBits() & 1) == 0 ? size : -size;
    }

    internal override Tail LowerTail() => UpperTail();

    internal override Tail UpperTail() => Tail.Stretched(Shape, Math.Pow(Scale, -Shape));

    internal override IReadOnlyList<double> Kinks() => [Location];

    // What is beyond makes no difference that a double could show.
    private double Power => Math.Clamp(Shape, 1e-300, 1e280);

    /// <summary>ln(2 Gamma(1 + 1/shape)).</summary>
    internal double LogNorm() => Units.Ln2 + GammaFunctions.LogGammaOnePlus(1 / Power);
}
