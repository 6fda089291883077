namespace KlCore.Divergences;

/// <summary>
/// K(p, q) = KL(p || m), m = (p + q)/2: half of a Jensen-Shannon divergence. In nats or bits, from 0 to ln 2.
/// Source: J. Lin, IEEE Transactions on Information Theory 37 (1991), equation 3.1.
/// </summary>
public sealed record KDivergence : Divergence
{
    /// <inheritdoc/>
    public override Description Describe() => new(
        "K(p, q)", "KL(p || m) = sum p ln(2p / (p + q))", "[0, ln 2]", "Kullback-Leibler from p to the middle between p and q; always finite.",
        "Lin, IEEE Transactions on Information Theory 37 (1991)")
    {
        FollowsUnit = true,
    };

    internal override DensityForm? OfDensities() => Skew.Form(0.5);

    internal override Measurement Measure(Pair pair, CancellationToken cancellation) => Exact(Skew.Sum(pair, 0.5));
}
