using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>Laplace's distribution: p(x) = exp(-|x - location|/scale) / (2 scale).</summary>
public sealed record Laplace : LocationScale
{
    /// <summary>The median, where the density has its peak: any finite number.</summary>
    [Range(double.MinValue, double.MaxValue)]
    public override required double Location { get; init; }

    /// <summary>The mean distance from the median: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public override required double Scale { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("exp(-|x - location| / scale) / (2 scale)", "all x", "The difference of two waiting times; errors with heavier tails than the normal's.");

    internal override double StandardLogDensity(double z) => -Math.Abs(z) - Units.Ln2;

    internal override double StandardCumulative(double z) => z < 0 ? 0.5 * Math.Exp(z) : 1 - 0.5 * Math.Exp(-z);

    internal override double StandardSurvival(double z) => StandardCumulative(-z);

    internal override double? StandardQuantile(double probability) => probability < 0.5 ? Math.Log(2 * probability) : -Math.Log(2 * (1 - probability));

    internal override double? StandardVariance() => 2;

    internal override double StandardEntropy() => 1 + Units.Ln2;

    internal override double StandardDraw(RandomStream random)
    {
        var size = -Math.Log(random.NextUniform());
        return (random.NextBits() & 1) == 0 ? size : -size;
    }

    internal override Tail LowerTail() => UpperTail();

    internal override Tail UpperTail() => Tail.Stretched(1, 1 / Scale);

    internal override IReadOnlyList<double> Kinks() => [Location];
}
