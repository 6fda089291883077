using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>The normal distribution on the line: p(x) = exp(−(x − mean)² / (2 sd²)) / (sd √(2π)).</summary>
public sealed record Normal : Continuous
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>The mean: any finite number.</summary>
    [Range(double.MinValue, double.MaxValue)]
    public required double Mean { get; init; }

    /// <summary>The standard deviation: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double StandardDeviation { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("exp(-(x - mean)^2 / (2 standardDeviation^2)) / (standardDeviation sqrt(2 pi))", "all x", "The sum of many small effects.");

    /// <inheritdoc/>
    public override double LogDensity(double x)
    {
        var z = (x - Mean) / StandardDeviation;
        return -0.5 * z * z - Math.Log(StandardDeviation) - HalfLogTwoPi;
    }

    /// <inheritdoc/>
    public override double Cumulative(double x) => StandardNormal.Cumulative((x - Mean) / StandardDeviation);

    /// <inheritdoc/>
    public override double Survival(double x) => StandardNormal.Cumulative((Mean - x) / StandardDeviation);

    /// <inheritdoc/>
    public override double Quantile(double probability) => At(StandardNormal.Quantile(probability));

    /// <inheritdoc/>
    public override double UpperQuantile(double probability) => At(-StandardNormal.Quantile(probability));

    /// <inheritdoc/>
    public override Interval Support() => Interval.Line;

    /// <inheritdoc/>
    public override double? Expectation() => Mean;

    /// <inheritdoc/>
    public override double? Variance() => StandardDeviation * StandardDeviation;

    /// <inheritdoc/>
    public override double? EntropyByFormula() => 0.5 + HalfLogTwoPi + Math.Log(StandardDeviation);

    /// <inheritdoc/>
    public override double Draw(RandomStream random) => Mean + StandardDeviation * random.NextNormal();

    /// <inheritdoc/>
    public override GaussianMixture ToGaussianMixture() =>
        new() { Weights = [1], Means = new Points([Mean]), StandardDeviations = [StandardDeviation] };

    internal override Tail LowerTail() => UpperTail();

    internal override Tail UpperTail() => Tail.Stretched(2, 0.5 / StandardDeviation / StandardDeviation);

    private double At(double z) => double.IsInfinity(z) ? z : Math.Clamp(Mean + StandardDeviation * z, double.MinValue, double.MaxValue);
}
