namespace KlCore.Divergences;

/// <summary>
/// sqrt(JS(p, q)) with equal weights: a metric, finite for any supports. In sqrt(nats) from 0 to sqrt(ln 2), or in sqrt(bits) from 0
/// to 1. Source: D. Endres and J. Schindelin, IEEE Transactions on Information Theory 49 (2003).
/// </summary>
public sealed record JensenShannonDistance : Divergence
{
    /// <inheritdoc/>
    public override Description Describe() => new(
        "d_JS(p, q)", "sqrt(JS(p, q)) = sqrt(KL(p || m)/2 + KL(q || m)/2)", "[0, sqrt(ln 2)]",
        "The square root of Jensen-Shannon, a metric; in bits it is at most 1.",
        "Endres and Schindelin, IEEE Transactions on Information Theory 49 (2003)")
    {
        IsSymmetric = true,
        IsMetric = true,
        FollowsUnit = true,
    };

    internal override DensityForm? OfDensities() => (TermForm)JensenShannon.Form(0.5) with { Finish = Math.Sqrt };

    internal override Measurement Measure(Pair pair, CancellationToken cancellation) => Exact(Math.Sqrt(JensenShannon.Sum(pair, 0.5)));

    internal override double InUnit(double value, Unit unit) => unit == Unit.Bits ? value / Math.Sqrt(Units.Ln2) : value;
}
