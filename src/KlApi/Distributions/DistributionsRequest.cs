using KlCore;
using KlCore.Distributions;

namespace KlApi.Distributions;

/// <summary>Two distributions of named families over one space.</summary>
public abstract record DistributionsRequest : MeasureOptions
{
    /// <summary>The reference.</summary>
    public required Distribution P { get; init; }

    /// <summary>The model.</summary>
    public required Distribution Q { get; init; }

    /// <summary>The unit of log-like values.</summary>
    public Unit Unit { get; init; } = Unit.Nats;

    /// <summary>The pair, if it is one.</summary>
    internal DistributionPair Pair()
    {
        var problems = new Problems();
        var pair = DistributionPair.TryFrom(P, Q, problems);
        problems.ThrowIfAny();
        return pair!;
    }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        _ = DistributionPair.TryFrom(P, Q, problems);
    }
}
