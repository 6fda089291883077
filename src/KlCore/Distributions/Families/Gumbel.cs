using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>Gumbel's distribution of maxima: p(x) = exp(-z - exp(-z)) / scale with z = (x - location)/scale.</summary>
public sealed record Gumbel : LocationScale
{
    internal const double Euler = 0.57721566490153286061;
    internal const double UnitVariance = Math.PI * Math.PI / 6;

    /// <summary>The mode, where the density has its peak: any finite number.</summary>
    [Range(double.MinValue, double.MaxValue)]
    public override required double Location { get; init; }

    /// <summary>The width; the standard deviation is 1.28 times that: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public override required double Scale { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("exp(-z - exp(-z)) / scale, z = (x - location)/scale", "all x", "The largest of many values: the year's highest flood.");

    internal override double StandardLogDensity(double z) => double.IsNegativeInfinity(z) ? z : -z - Math.Exp(-z);

    internal override double StandardCumulative(double z) => Math.Exp(-Math.Exp(-z));

    internal override double StandardSurvival(double z) => -Elementary.Expm1(-Math.Exp(-z));

    internal override double? StandardQuantile(double probability) => -Math.Log(-Math.Log(probability));

    internal override double? StandardUpperQuantile(double probability) => -Math.Log(-Elementary.Log1p(-probability));

    internal override double? StandardExpectation() => Euler;

    internal override double? StandardVariance() => UnitVariance;

    internal override double StandardEntropy() => 1 + Euler;

    internal override double StandardDraw(RandomStream random) => -Math.Log(-Math.Log(random.NextUniform()));

    internal override Tail LowerTail() => Tail.Exponential(1 / Scale);

    internal override Tail UpperTail() => Tail.Stretched(1, 1 / Scale);
}
