namespace KlCore.Divergences;

/// <summary>
/// T(p, q) = KL(p || m) + KL(q || m), m = (p + q)/2: twice the Jensen-Shannon divergence. In nats or bits, from 0 to 2 ln 2.
/// Source: F. Topsøe, IEEE Transactions on Information Theory 46 (2000), the capacitory discrimination.
/// </summary>
public sealed record Topsoe : Divergence
{
    /// <inheritdoc/>
    public override Description Describe() => new(
        "T(p, q)", "KL(p || m) + KL(q || m) = 2 JS(p, q)", "[0, 2 ln 2]", "Twice Jensen-Shannon, also called capacitory discrimination; always finite.",
        "Topsoe, IEEE Transactions on Information Theory 46 (2000)")
    {
        IsSymmetric = true,
        FollowsUnit = true,
    };

    internal override DensityForm? OfDensities() => (TermForm)JensenShannon.Form(0.5) with { Finish = static integral => 2 * integral };

    internal override Measurement Measure(Pair pair, CancellationToken cancellation) => Exact(pair.Sweep.Topsoe);
}
