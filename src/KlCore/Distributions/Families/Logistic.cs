using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>The logistic distribution: p(x) = exp(-z) / (scale (1 + exp(-z))^2) with z = (x - location)/scale.</summary>
public sealed record Logistic : LocationScale
{
    internal const double UnitVariance = Math.PI * Math.PI / 3;

    /// <summary>The mean: any finite number.</summary>
    [Range(double.MinValue, double.MaxValue)]
    public override required double Location { get; init; }

    /// <summary>The width; the standard deviation is 1.81 times that: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public override required double Scale { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("exp(-z) / (scale (1 + exp(-z))^2), z = (x - location)/scale", "all x", "What lies behind a logistic regression: its distribution function is the sigmoid.");

    internal override double StandardLogDensity(double z) => -Math.Abs(z) - 2 * Elementary.Log1p(Math.Exp(-Math.Abs(z)));

    internal override double StandardCumulative(double z) => 1 / (1 + Math.Exp(-z));

    internal override double StandardSurvival(double z) => 1 / (1 + Math.Exp(z));

    internal override double? StandardQuantile(double probability) => Math.Log(probability) - Elementary.Log1p(-probability);

    internal override double? StandardVariance() => UnitVariance;

    internal override double StandardEntropy() => 2;

    internal override double StandardDraw(RandomStream random) => StandardQuantile(random.NextUniform())!.Value;

    internal override Tail LowerTail() => UpperTail();

    internal override Tail UpperTail() => Tail.Stretched(1, 1 / Scale);
}
