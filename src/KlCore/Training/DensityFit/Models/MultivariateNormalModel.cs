using System.Text.Json.Serialization;
using KlCore.Distributions;

namespace KlCore.Training.DensityFit;

/// <summary>One normal distribution in as many dimensions as the target has, with a full covariance.</summary>
public sealed record MultivariateNormalModel : DensityModel
{
    /// <summary>Where the fit starts; drawn from the seed if not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MultivariateNormal? Initial { get; init; }

    internal override int ComponentCount() => 1;

    internal override Distribution? Start() => Initial;

    internal override Distribution ToDistribution(MixtureDensity mixture) =>
        new MultivariateNormal { Mean = mixture.Means, Covariance = CovarianceOf(mixture, 0) };
}
