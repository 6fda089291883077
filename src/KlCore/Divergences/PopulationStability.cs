namespace KlCore.Divergences;

/// <summary>
/// The population stability index sum (p - q) ln(p/q): the same number as <see cref="Jeffreys"/>, under the name that scorecard
/// monitoring uses. In nats (where the usual limits 0.1 and 0.25 hold) or bits, from 0 to +Infinity. No category is filled in silently:
/// it is infinite when one is 0 where the other is positive, unless a smoothing is named.
/// Source: N. Siddiqi, Credit Risk Scorecards (2006).
/// </summary>
public sealed record PopulationStability : Divergence
{
    /// <inheritdoc/>
    public override Description Describe() => new(
        "PSI(p, q)", "sum (p - q) ln(p/q)", "[0, Infinity]",
        "How much a population has shifted since the reference; in nats below 0.1 little, above 0.25 much. Infinite at empty bins unless smoothed.",
        "Siddiqi, Credit Risk Scorecards (2006)")
    {
        IsSymmetric = true,
        FollowsUnit = true,
    };

    internal override DensityForm? OfDensities() => Jeffreys.Form;

    internal override Measurement Measure(Pair pair, CancellationToken cancellation) => Exact(Jeffreys.Sum(pair));
}
