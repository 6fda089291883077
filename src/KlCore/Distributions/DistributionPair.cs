using KlCore.Distributions.ClosedForms;
using KlCore.Divergences;

namespace KlCore.Distributions;

/// <summary>Two distributions over the same space, between which divergences are measured.</summary>
public sealed class DistributionPair
{
    private DistributionPair(Distribution p, Distribution q) => (P, Q) = (p, q);

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
    /// <exception cref="NotComputableException">The measure makes no sense between such distributions, or cannot be found in the way that is asked for.</exception>
    public Measurement Measure(Divergence measure, MeasureOptions how, Unit unit = Unit.Nats, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (how.Method is Approach.Auto or Approach.ClosedForm && measure is KullbackLeibler { Direction: Direction.Forward } && Registry.Find(P.GetType(), Q.GetType())?.KullbackLeibler(P, Q) is { } value)
            return new Measurement(unit.FromNats(value), Method.ClosedForm);
        throw new NotComputableException("no-closed-form", "There is no closed form for this pair.");
    }
}

/// <summary>How divergences between distributions are to be found.</summary>
public record MeasureOptions : IChecked
{
    /// <summary>By which method.</summary>
    public Approach Method { get; init; } = Approach.Auto;

    /// <summary>How many draws Monte Carlo takes, 100 to 10,000,000.</summary>
    [System.ComponentModel.DataAnnotations.Range(100, 10_000_000)]
    public int Samples { get; init; } = 100_000;

    /// <summary>From which the draws follow.</summary>
    public long Seed { get; init; } = 1;

    /// <inheritdoc/>
    public virtual void Check(Problems problems) => Bounds.Check(this, problems);
}
