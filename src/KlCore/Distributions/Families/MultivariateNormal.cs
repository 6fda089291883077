using KlCore.Distributions.Integration;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>
/// The normal distribution in d dimensions: p(x) = exp(−(x − mean)ᵀ C⁻¹ (x − mean) / 2) / √((2π)^d det C), with C positive definite.
/// </summary>
public sealed record MultivariateNormal : Distribution
{
    /// <summary>The mean: d finite numbers.</summary>
    public required double[] Mean { get; init; }

    /// <summary>The covariance: d rows of d numbers, symmetric and positive definite.</summary>
    public required double[][] Covariance { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("exp(-(x - mean)^T covariance^-1 (x - mean) / 2) / sqrt((2 pi)^d det covariance)", "all points of d coordinates", "The sum of many small effects on several quantities.");

    /// <inheritdoc/>
    public override int Dimension() => Mean.Length;

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        if (Mean.Length == 0) problems.Add("mean", "must have at least 1 coordinate, had none");
        new Points(Mean).Check(problems.At("mean"));
        CovarianceMatrix.Check(Covariance, Mean.Length, problems.At("covariance"));
    }

    /// <inheritdoc/>
    public override double[] LogDensities(Points points) => MixtureDensity.Of(ToGaussianMixture()).LogDensities(points);

    /// <inheritdoc/>
    public override Points Sample(int count, RandomStream random) => MixtureDensity.Of(ToGaussianMixture()).Sample(count, random, plain: false);

    /// <inheritdoc/>
    public override Moments Moments() => new(Mean, Covariance);

    /// <summary>(d ln(2 pi e) + ln det C) / 2.</summary>
    public override double? EntropyByFormula() => Dimension() / 2.0 - MixtureDensity.Of(ToGaussianMixture()).LogScales[0];

    /// <inheritdoc/>
    public override GaussianMixture ToGaussianMixture() =>
        new() { Weights = [1], Means = new Points([Mean]), Covariances = [Covariance] };

    internal override Univariate? OnTheLine() => Dimension() == 1 ? new MixtureOnTheLine(ToGaussianMixture()) : null;
}
