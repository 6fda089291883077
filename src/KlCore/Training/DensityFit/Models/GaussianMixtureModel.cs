using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using KlCore.Distributions;

namespace KlCore.Training.DensityFit;

/// <summary>A mixture of normal distributions, each with its own mean and full covariance.</summary>
public sealed record GaussianMixtureModel : DensityModel
{
    /// <summary>How many components it has.</summary>
    [Range(1, 32)]
    public required int Components { get; init; }

    /// <summary>Where the fit starts; drawn from the seed if not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GaussianMixture? Initial { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        if (Initial is not null && Initial.Weights.Length != Components)
            problems.At("initial").Add("weights", $"must have one element for each of the {Components} components, had {Initial.Weights.Length}");
    }

    internal override int ComponentCount() => Components;

    internal override Distribution? Start() => Initial;

    internal override Distribution ToDistribution(MixtureDensity mixture)
    {
        var (d, weights) = (mixture.Dimension, mixture.LogWeights.Select(Math.Exp).ToArray());
        if (d == 1) return new GaussianMixture { Weights = weights, Means = new Points(mixture.Means), StandardDeviations = mixture.Factors };
        return new GaussianMixture
        {
            Weights = weights,
            Means = new Points(mixture.Means, d, plain: false),
            Covariances = [.. Enumerable.Range(0, Components).Select(k => CovarianceOf(mixture, k))],
        };
    }
}
