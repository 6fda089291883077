using KlCore.Distributions;
using KlCore.Distributions.Integration;

namespace KlCore.Training.DensityFit;

/// <summary>A distribution: a mixture of Gaussians in any dimension, or any of one real number that has a mean and a variance.</summary>
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
        if (Distribution.ToGaussianMixture() is not { } mixture) CheckFamily(problems);
        else if (mixture.Weights.Length > MaximumComponents)
            problems.Add("weights", $"must have at most {MaximumComponents} elements, had {mixture.Weights.Length}");
        else
            CheckCoordinates(mixture.Moments, problems);
    }

    internal override int? Dimension() => Distribution.Dimension();

    internal override double Work() => Distribution.ToGaussianMixture() is { } mixture ? MixtureDensity.Of(mixture).Work() : 100;

    /// <summary>Adds a problem where the objective is infinite for every normal, because of the target's support or its tails.</summary>
    internal override void CheckObjective(Objective objective, Problems problems)
    {
        if (Distribution.ToGaussianMixture() is not null || Distribution is not Continuous family) return;
        var pair = new LinePair(family, new Normal { Mean = family.Expectation()!.Value, StandardDeviation = Math.Sqrt(family.Variance()!.Value) });
        var (forward, reverse) = objective.Growths;
        var name = FamilyCatalogue.NameOf(family.GetType());
        if (TailComparison.Of(pair, forward) == Convergence.Infinite)
            problems.Add($"is infinite between {name} and every normal, because the tails of {name} are too heavy for it: forward-kl or jensen-shannon are not");
        else if (TailComparison.Of(pair.Reversed, reverse) == Convergence.Infinite)
            problems.Add($"is infinite between {name} and every normal, because a normal gives probability to what {name} excludes or hardly allows: forward-kl or jensen-shannon are finite");
    }

    internal override StandardTarget Prepare(ITrainingInputs inputs)
    {
        if (Distribution.ToGaussianMixture() is { } mixture)
        {
            var coordinates = Coordinates.Of(mixture.Moments(), "target");
            return new StandardTarget(coordinates, coordinates.ToStandard(MixtureDensity.Of(mixture)), Samples: null);
        }

        var family = (Continuous)Distribution;
        var standard = Coordinates.Of(family.Moments()!, "target");
        var (centre, scale) = standard.FirstCoordinate();
        return new StandardTarget(standard, new FamilyDensity(family, centre, scale), Samples: null) { Family = family };
    }

    private void CheckFamily(Problems problems)
    {
        var name = FamilyCatalogue.NameOf(Distribution.GetType());
        if (Distribution is not Continuous family) problems.Add("family", $"must have a density over one real number, or be a normal or a mixture of them in more; {name} has not");
        else if (family.Moments() is not { } moments) problems.Add($"must have a finite mean and variance, which {name} with these parameters has not");
        else CheckCoordinates(() => moments, problems);
    }
}
