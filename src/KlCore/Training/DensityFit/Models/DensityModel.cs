using System.Text.Json.Serialization;
using KlCore.Distributions;

namespace KlCore.Training.DensityFit;

/// <summary>The family that is fitted: one sealed record for each, listed here by one attribute line.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "family")]
[JsonDerivedType(typeof(NormalModel), "normal")]
[JsonDerivedType(typeof(MultivariateNormalModel), "multivariate-normal")]
[JsonDerivedType(typeof(GaussianMixtureModel), "gaussian-mixture")]
public abstract record DensityModel : IChecked
{
    /// <inheritdoc/>
    public virtual void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        Start()?.Check(problems.At("initial"));
    }

    /// <summary>Adds a problem if the family has no member of the target's dimension.</summary>
    internal virtual void CheckDimension(int dimension, Problems problems)
    {
        if (Start() is { } start && start.Dimension() != dimension)
            problems.Add("initial", $"must have the target's {dimension} dimensions, had {start.Dimension()}");
    }

    /// <summary>How many Gaussians it is made of.</summary>
    internal abstract int ComponentCount();

    /// <summary>Where it starts, if the caller chose.</summary>
    internal abstract Distribution? Start();

    /// <summary>The member of the family that a mixture of <see cref="ComponentCount"/> Gaussians is.</summary>
    internal abstract Distribution ToDistribution(MixtureDensity mixture);

    /// <summary>The covariance of one component, L Lᵀ.</summary>
    private protected static double[][] CovarianceOf(MixtureDensity mixture, int component)
    {
        var d = mixture.Dimension;
        var factor = mixture.Factor(component);
        double[][] covariance = [.. Enumerable.Range(0, d).Select(_ => new double[d])];
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                for (var k = 0; k <= j; k++) covariance[i][j] += factor[i * d + k] * factor[j * d + k];
                covariance[j][i] = covariance[i][j];
            }
        }

        return covariance;
    }
}
