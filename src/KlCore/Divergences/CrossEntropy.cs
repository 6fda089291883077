namespace KlCore.Divergences;

/// <summary>
/// H(p, q) = -sum p ln q = H(p) + KL(p || q): what a message from p costs in a code made for q. In nats or bits, from 0 to +Infinity;
/// infinite when q is 0 where p is positive. It is not 0 for p = q.
/// Source: T. Cover and J. Thomas, Elements of Information Theory (2006), section 5.4.
/// </summary>
public sealed record CrossEntropy : Divergence
{
    /// <summary><c>forward</c> is -sum p ln q, <c>reverse</c> is -sum q ln p.</summary>
    public Direction Direction { get; init; } = Direction.Forward;

    /// <inheritdoc/>
    public override Description Describe() => new(
        "H(p, q)", "-sum p ln q", "[0, Infinity]", "What a message from p costs in a code made for q; the entropy of p when they are equal.",
        "Cover and Thomas, Elements of Information Theory (2006)")
    {
        FollowsUnit = true,
    };

    internal override DensityForm? OfDensities() => new CrossEntropyForm(Direction);

    internal override Measurement Measure(Pair pair, CancellationToken cancellation) => Exact(Entropies.Cross(pair, Direction));
}
