namespace KlCore.Divergences;

/// <summary>
/// J(p, q) = KL(p || q) + KL(q || p) = sum (p - q) ln(p/q), not halved. In nats or bits, from 0 to +Infinity; infinite when either is
/// 0 where the other is positive. Source: H. Jeffreys, Proceedings of the Royal Society A 186 (1946).
/// </summary>
public sealed record Jeffreys : Divergence
{
    internal static DensityForm Form { get; } = new TermForm(static cell => cell.KullbackLeibler + cell.Reversed.KullbackLeibler, Growth.Logarithm, Growth.Logarithm);

    /// <inheritdoc/>
    public override Description Describe() => new(
        "J(p, q)", "sum (p - q) ln(p/q)", "[0, Infinity]",
        "Both directions of Kullback-Leibler added up, not halved; infinite when one is 0 where the other is positive.",
        "Jeffreys, Proceedings of the Royal Society A 186 (1946)")
    {
        IsSymmetric = true,
        FollowsUnit = true,
    };

    internal override DensityForm? OfDensities() => Form;

    internal override Measurement Measure(Pair pair, CancellationToken cancellation) => Exact(Sum(pair));

    /// <summary>The linear parts of the two directions cancel exactly, and what is left of each is never negative.</summary>
    internal static double Sum(Pair pair) => pair.Sweep.Forward + pair.Sweep.Reverse;
}
