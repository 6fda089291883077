using KlCore.Distributions;

namespace KlCore.Training.DensityFit;

/// <summary>A distribution that can be written as a mixture of Gaussians.</summary>
public sealed record FamilyTarget(Distribution Distribution) : FitTarget
{
    private const int MaximumComponents = 100;
    private const int MaximumDimension = 100;

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        // First, because checking a large covariance takes long.
        if (Distribution.Dimension() > MaximumDimension)
        {
            problems.Add($"must have at most {MaximumDimension} dimensions, had {Distribution.Dimension()}");
            return;
        }

        var before = problems.Total;
        Distribution.Check(problems);
        if (problems.Total > before) return;
        if (Distribution.ToGaussianMixture() is not { } mixture)
            problems.Add("family", "must be a normal, a multivariate normal or a mixture of them");
        else if (mixture.Weights.Length > MaximumComponents)
            problems.Add("weights", $"must have at most {MaximumComponents} elements, had {mixture.Weights.Length}");
        else
            CheckCoordinates(mixture.Moments, problems);
    }

    internal override int? Dimension() => Distribution.Dimension();

    internal override double Work() => MixtureDensity.Of(Distribution.ToGaussianMixture()!).Work();

    internal override StandardTarget Prepare(ITrainingInputs inputs)
    {
        var mixture = Distribution.ToGaussianMixture()!;
        var coordinates = Coordinates.Of(mixture.Moments(), "target");
        return new StandardTarget(coordinates, coordinates.ToStandard(MixtureDensity.Of(mixture)), Samples: null);
    }
}
