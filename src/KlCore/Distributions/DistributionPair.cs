using KlCore.Distributions.ClosedForms;
using KlCore.Distributions.Integration;
using KlCore.Divergences;

namespace KlCore.Distributions;

/// <summary>
/// Two distributions over the same space, between which divergences are measured: by a closed form where there is one, else by quadrature
/// (of integers by summation) with an error bound, else by Monte Carlo with a standard error.
/// </summary>
public sealed class DistributionPair
{
    private readonly Lazy<LinePair?> _line;

    private DistributionPair(Distribution p, Distribution q)
    {
        (P, Q) = (p, q);
        _line = new Lazy<LinePair?>(() => p.OnTheLine() is { } first && q.OnTheLine() is { } second ? new LinePair(first, second) : null);
    }

    /// <summary>The reference.</summary>
    public Distribution P { get; }

    /// <summary>The model.</summary>
    public Distribution Q { get; }

    /// <summary>The pair, or null with the reasons in <paramref name="problems"/>.</summary>
    public static DistributionPair? TryFrom(Distribution p, Distribution q, Problems problems)
    {
        var before = problems.Total;
        p.Check(problems.At("p"));
        q.Check(problems.At("q"));
        if (problems.Total > before) return null;
        if (p.Dimension() != q.Dimension()) problems.Add("q", $"must have as many dimensions as p, {p.Dimension()}, had {q.Dimension()}");
        return problems.Total > before ? null : new DistributionPair(p, q);
    }

    /// <summary>Measures how much q differs from p.</summary>
    /// <param name="measure">What is measured.</param>
    /// <param name="how">How it is to be found, for those who care.</param>
    /// <param name="unit">The unit of log-like measures.</param>
    /// <param name="cancellation">Stops what takes long.</param>
    /// <exception cref="InvalidInputException">A parameter of the measure or of the options is outside its bounds.</exception>
    /// <exception cref="NotComputableException">The measure makes no sense between such distributions, or cannot be found in the way that is asked for.</exception>
    public Measurement Measure(Divergence measure, MeasureOptions how, Unit unit = Unit.Nats, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var problems = new Problems();
        measure.Check(problems);
        how.Check(problems);
        problems.ThrowIfAny();
        RequireOneSpace();
        var form = measure.OfDensities() ?? throw new NotComputableException("no-density-form", $"The measure {Catalogue.NameOf(measure)} is one of finitely many categories and has no value between named distributions.");
        var measured = Find(measure, form, how, cancellation);
        if (double.IsNaN(measured.Value)) throw new InvalidOperationException($"{measure} came out as NaN.");
        return measured with
        {
            Value = measure.InUnit(measured.Value, unit) + 0.0,
            ErrorBound = measured.ErrorBound is { } bound ? measure.InUnit(bound, unit) : null,
            StandardError = measured.StandardError is { } error ? measure.InUnit(error, unit) : null,
        };
    }

    private Measurement Find(Divergence measure, DensityForm form, MeasureOptions how, CancellationToken cancellation)
    {
        if (how.Method is Approach.Auto or Approach.ClosedForm && FormMeasure.Find(P, Q, measure) is { } value && !double.IsNaN(value)) return new Measurement(value, Method.ClosedForm);
        if (how.Method == Approach.ClosedForm) throw NoClosedForm(measure);
        // Where every term is 0 there is nothing to decide about tails.
        if (how.Method != Approach.MonteCarlo && P.Equals(Q) && form is not CrossEntropyForm) return new Measurement(0, P.Describe().IsDiscrete ? Method.Summation : Method.Quadrature, 0);
        if (how.Method != Approach.MonteCarlo && _line.Value is { } line) return new LineMeasure(line, cancellation).Find(form);
        if (how.Method != Approach.MonteCarlo && Plane(form, cancellation) is { } plane) return plane;
        if (how.Method == Approach.Quadrature) throw new NotComputableException("no-quadrature", $"There is no quadrature of {Catalogue.NameOf(measure)} between these in {P.Dimension()} dimensions; Monte Carlo is there for it.");
        return new MonteCarlo(P, Q, how.Samples, how.Seed, cancellation).Find(form, Catalogue.NameOf(measure));
    }

    private Measurement? Plane(DensityForm form, CancellationToken cancellation) =>
        P.Dimension() == 2 && P.ToGaussianMixture() is { } p && Q.ToGaussianMixture() is { } q ? new PlaneMeasure(p, q, cancellation).Find(form) : null;

    private void RequireOneSpace()
    {
        var (first, second) = (P.Describe().IsDiscrete, Q.Describe().IsDiscrete);
        if (first != second)
        {
            throw new NotComputableException("discrete-against-continuous",
                $"{FamilyCatalogue.NameOf((first ? P : Q).GetType())} gives probabilities to single points, {FamilyCatalogue.NameOf((first ? Q : P).GetType())} has a density: there is no divergence between the two kinds.");
        }

        // Vectors on a simplex, counts and matrices have densities with respect to something of their own.
        var isShared = P.GetType() == Q.GetType() || Registry.Find(P.GetType(), Q.GetType()) is not null || (P.OnTheLine() is not null && Q.OnTheLine() is not null) || (P.ToGaussianMixture() is not null && Q.ToGaussianMixture() is not null);
        if (!isShared) throw new NotComputableException("different-spaces", $"{FamilyCatalogue.NameOf(P.GetType())} and {FamilyCatalogue.NameOf(Q.GetType())} are not over the same space.");
    }

    private NotComputableException NoClosedForm(Divergence measure)
    {
        var name = Catalogue.NameOf(measure);
        var (p, q) = (FamilyCatalogue.NameOf(P.GetType()), FamilyCatalogue.NameOf(Q.GetType()));
        var form = Registry.Find(P.GetType(), Q.GetType());
        var reason = form is null
            ? $"There is no closed form from {p} to {q}."
            : form.Condition is { } condition && FormMeasure.Find(P, Q, new KullbackLeibler()) is null ? $"The closed form from {p} to {q} holds only {condition}." : $"There is no closed form of {name} from {p} to {q}, only of other measures.";
        return new NotComputableException("no-closed-form", $"{reason} Closed forms from {p} lead to: {List(Registry.All.Where(other => other.P == P.GetType()).Select(other => other.Q))}; closed forms to {q} come from: {List(Registry.All.Where(other => other.Q == Q.GetType()).Select(other => other.P))}.");
    }

    private static string List(IEnumerable<Type> families)
    {
        string[] names = [.. families.Select(FamilyCatalogue.NameOf).Order(StringComparer.Ordinal)];
        return names.Length == 0 ? "none" : string.Join(", ", names);
    }
}
