using KlCore.Distributions.Integration;

namespace KlCore.Distributions;

/// <summary>The entropy of one distribution.</summary>
public static class DistributionEntropy
{
    /// <summary>
    /// -E ln p(x): differential for densities, and then possibly negative. By a formula where there is one, else by quadrature or summation
    /// with an error bound, else by Monte Carlo with a standard error.
    /// </summary>
    /// <param name="distribution">p.</param>
    /// <param name="how">How it is to be found, for those who care.</param>
    /// <param name="unit">Nats or bits.</param>
    /// <param name="cancellation">Stops what takes long.</param>
    /// <exception cref="NotComputableException">It cannot be found in the way that is asked for.</exception>
    public static Measurement Entropy(this Distribution distribution, MeasureOptions how, Unit unit = Unit.Nats, CancellationToken cancellation = default)
    {
        var measured = Find(distribution, how, cancellation);
        return measured with
        {
            Value = unit.FromNats(measured.Value) + 0.0,
            ErrorBound = measured.ErrorBound is { } bound ? unit.FromNats(bound) : null,
            StandardError = measured.StandardError is { } error ? unit.FromNats(error) : null,
        };
    }

    /// <summary>The same, or null if it cannot be found in the way that is asked for: for who asked for something else in the first place.</summary>
    public static Measurement? TryEntropy(this Distribution distribution, MeasureOptions how, Unit unit = Unit.Nats, CancellationToken cancellation = default)
    {
        try
        {
            return distribution.Entropy(how, unit, cancellation);
        }
        catch (NotComputableException)
        {
            return null;
        }
    }

    private static Measurement Find(Distribution distribution, MeasureOptions how, CancellationToken cancellation)
    {
        if (how.Method is Approach.Auto or Approach.ClosedForm && distribution.EntropyByFormula() is { } value && !double.IsNaN(value)) return new Measurement(value, Method.ClosedForm);
        if (how.Method == Approach.ClosedForm) throw new NotComputableException("no-closed-form", $"There is no formula here for the entropy of {FamilyCatalogue.NameOf(distribution.GetType())} with these parameters.");
        if (how.Method != Approach.MonteCarlo && distribution.OnTheLine() is { } line) return new LineMeasure(new LinePair(line, line), cancellation).Entropy();
        if (how.Method != Approach.MonteCarlo && distribution is { } plane && plane.Dimension() == 2 && plane.ToGaussianMixture() is { } mixture) return new PlaneMeasure(mixture, mixture, cancellation).Entropy();
        if (how.Method == Approach.Quadrature) throw new NotComputableException("no-quadrature", $"There is no quadrature for {FamilyCatalogue.NameOf(distribution.GetType())} in {distribution.Dimension()} dimensions; Monte Carlo is there for it.");
        return MonteCarlo.Entropy(distribution, how.Samples, how.Seed, cancellation);
    }
}
