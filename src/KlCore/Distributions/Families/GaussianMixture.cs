using System.Text.Json.Serialization;
using KlCore.Distributions.Integration;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>
/// A mixture of normal distributions: p(x) = Σ w_k N(x; m_k, C_k). One standard deviation for each component (in more than one
/// dimension: the same along every axis), or one covariance matrix for each.
/// </summary>
public sealed record GaussianMixture : Distribution
{
    private const double Tolerance = 1e-6;

    /// <summary>The weights: non-negative, summing to 1 within 1e-6; they are then normalised exactly.</summary>
    public required double[] Weights { get; init; }

    /// <summary>The components' means: numbers, or vectors of one length.</summary>
    public required Points Means { get; init; }

    /// <summary>The components' standard deviations, positive; this or <see cref="Covariances"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? StandardDeviations { get; init; }

    /// <summary>The components' covariances, symmetric and positive definite; this or <see cref="StandardDeviations"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[][][]? Covariances { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("sum over k of weights_k times the normal density of means_k and standardDeviations_k (or covariances_k)", "all points of d coordinates", "Several normal populations at once.");

    /// <inheritdoc/>
    public override int Dimension() => Means.Dimension;

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        CheckWeights(problems.At("weights"));
        Means.Check(problems.At("means"));
        CheckCount(Means.Count, problems.At("means"));
        if (StandardDeviations is null == Covariances is null)
            problems.Add("standardDeviations", "must be given, or covariances, and not both");
        for (var k = 0; k < StandardDeviations?.Length; k++)
        {
            if (StandardDeviations[k] is not (> 0 and <= double.MaxValue))
                problems.At("standardDeviations").At(k).Add($"must be positive and finite, was {StandardDeviations[k]:R}");
        }

        for (var k = 0; k < Covariances?.Length; k++) CovarianceMatrix.Check(Covariances[k], Means.Dimension, problems.At("covariances").At(k));
        if (StandardDeviations is not null) CheckCount(StandardDeviations.Length, problems.At("standardDeviations"));
        if (Covariances is not null) CheckCount(Covariances.Length, problems.At("covariances"));
    }

    /// <inheritdoc/>
    public override double[] LogDensities(Points points) => MixtureDensity.Of(this).LogDensities(points);

    /// <inheritdoc/>
    public override Points Sample(int count, RandomStream random) => MixtureDensity.Of(this).Sample(count, random, Means.IsPlain);

    /// <summary>mean = Σ w_k m_k and covariance = Σ w_k (C_k + (m_k − mean)(m_k − mean)ᵀ).</summary>
    public override Moments Moments()
    {
        var (d, total) = (Dimension(), Weights.Sum());
        var mean = new double[d];
        for (var k = 0; k < Weights.Length; k++)
        {
            for (var i = 0; i < d; i++) mean[i] += Weights[k] / total * Means[k][i];
        }

        double[][] covariance = [.. Enumerable.Range(0, d).Select(_ => new double[d])];
        for (var k = 0; k < Weights.Length; k++)
        {
            for (var i = 0; i < d; i++)
            {
                for (var j = 0; j < d; j++)
                    covariance[i][j] += Weights[k] / total * (Covariance(k, i, j) + (Means[k][i] - mean[i]) * (Means[k][j] - mean[j]));
            }
        }

        return new Moments(mean, covariance);
    }

    /// <inheritdoc/>
    public override GaussianMixture ToGaussianMixture() => this;

    internal override Univariate? OnTheLine() => Dimension() == 1 ? new MixtureOnTheLine(this) : null;

    /// <summary>The element (i, j) of the covariance of component k.</summary>
    internal double Covariance(int k, int i, int j) =>
        Covariances is not null ? Covariances[k][i][j] : i == j ? StandardDeviations![k] * StandardDeviations[k] : 0;

    private void CheckWeights(Problems problems)
    {
        if (Weights.Length == 0) problems.Add("must have at least 1 element, had none");
        for (var k = 0; k < Weights.Length; k++)
        {
            if (Weights[k] is not (>= 0 and <= double.MaxValue)) problems.At(k).Add($"must be at least 0 and finite, was {Weights[k]:R}");
        }

        var sum = Weights.Sum();
        if (Weights.Length > 0 && !(Math.Abs(sum - 1) <= Tolerance)) problems.Add($"must sum to 1 within {Tolerance:R}, summed to {sum:R}");
    }

    private void CheckCount(int count, Problems problems)
    {
        if (count != Weights.Length) problems.Add($"must have one element for each of the {Weights.Length} weights, had {count}");
    }
}
