using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>The normal distribution on the line: p(x) = exp(−(x − mean)² / (2 sd²)) / (sd √(2π)).</summary>
public sealed record Normal : Distribution
{
    /// <summary>The mean: any finite number.</summary>
    [Range(double.MinValue, double.MaxValue)]
    public required double Mean { get; init; }

    /// <summary>The standard deviation: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double StandardDeviation { get; init; }

    /// <inheritdoc/>
    public override int Dimension() => 1;

    /// <inheritdoc/>
    public override double[] LogDensities(Points points) => MixtureDensity.Of(ToGaussianMixture()).LogDensities(points);

    /// <inheritdoc/>
    public override Points Sample(int count, RandomStream random) => MixtureDensity.Of(ToGaussianMixture()).Sample(count, random, plain: true);

    /// <inheritdoc/>
    public override Moments Moments() => new([Mean], [[StandardDeviation * StandardDeviation]]);

    /// <inheritdoc/>
    public override GaussianMixture ToGaussianMixture() =>
        new() { Weights = [1], Means = new Points([Mean]), StandardDeviations = [StandardDeviation] };
}
