using System.Text.Json.Serialization;
using KlCore.Distributions;

namespace KlCore.Training.DensityFit;

/// <summary>One normal distribution on the line.</summary>
public sealed record NormalModel : DensityModel
{
    /// <summary>Where the fit starts; drawn from the seed if not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Normal? Initial { get; init; }

    internal override int ComponentCount() => 1;

    internal override Distribution? Start() => Initial;

    internal override void CheckDimension(int dimension, Problems problems)
    {
        if (dimension != 1) problems.Add("family", $"must be multivariate-normal or gaussian-mixture for a target of {dimension} dimensions, was normal");
    }

    internal override Distribution ToDistribution(MixtureDensity mixture) =>
        new Normal { Mean = mixture.Means[0], StandardDeviation = mixture.Factors[0] };
}
