using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>Moyal's distribution: p(x) = exp(-(z + exp(-z))/2) / (scale sqrt(2 pi)) with z = (x - location)/scale: of minus the logarithm of a squared normal variate.</summary>
public sealed record Moyal : LocationScale
{
    internal const double UnitVariance = Math.PI * Math.PI / 2;
    internal const double UnitMean = Gumbel.Euler + Units.Ln2;
    private const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>The mode, where the density has its peak: any finite number.</summary>
    [Range(double.MinValue, double.MaxValue)]
    public override required double Location { get; init; }

    /// <summary>The width; the standard deviation is 2.22 times that: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public override required double Scale { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("exp(-(z + exp(-z))/2) / (scale sqrt(2 pi)), z = (x - location)/scale", "all x", "The energy that a fast particle loses in a thin layer, as an approximation to Landau's distribution.");

    internal override double StandardLogDensity(double z) => double.IsNegativeInfinity(z) ? z : -0.5 * (z + Math.Exp(-z)) - HalfLogTwoPi;

    internal override double StandardCumulative(double z) => IncompleteGamma.Upper(0.5, 0.5 * Math.Exp(-z));

    internal override double StandardSurvival(double z) => IncompleteGamma.Lower(0.5, 0.5 * Math.Exp(-z));

    internal override double? StandardQuantile(double probability) => -2 * Math.Log(-StandardNormal.Quantile(0.5 * probability));

    // Near the upper end half of 1 + p has no digits of p.
    internal override double? StandardUpperQuantile(double probability) => probability > 0.1 ? -2 * Math.Log(StandardNormal.Quantile(0.5 + 0.5 * probability)) : null;

    internal override double? StandardExpectation() => UnitMean;

    internal override double? StandardVariance() => UnitVariance;

    internal override double StandardEntropy() => HalfLogTwoPi + 0.5 * (1 + UnitMean);

    internal override double StandardDraw(RandomStream random) => -2 * Math.Log(Math.Max(double.Epsilon, Math.Abs(random.NextNormal())));

    internal override Tail LowerTail() => Tail.Exponential(1 / Scale);

    internal override Tail UpperTail() => Tail.Stretched(1, 0.5 / Scale);
}
