namespace KlCore.Divergences;

/// <summary>
/// KL(p || q) = sum p ln(p/q), the information lost when q is used to describe p. In nats or bits, from 0 to +Infinity; infinite when
/// p is positive somewhere that q is 0. Computed as sum of p ln(p/q) - p + q, whose terms are all at least 0.
/// Source: S. Kullback and R. A. Leibler, Annals of Mathematical Statistics 22 (1951).
/// </summary>
public sealed record KullbackLeibler : Divergence
{
    /// <summary><c>forward</c> is KL(p || q), <c>reverse</c> is KL(q || p).</summary>
    public Direction Direction { get; init; } = Direction.Forward;

    /// <inheritdoc/>
    public override Description Describe() => new(
        "KL(p || q)", "sum p ln(p/q)", "[0, Infinity]",
        "Information lost when q describes p, also called relative entropy; infinite when q is 0 where p is positive.",
        "Kullback and Leibler, Annals of Mathematical Statistics 22 (1951)")
    {
        FollowsUnit = true,
    };

    internal override DensityForm? OfDensities() => Form(Direction);

    internal override Measurement Measure(Pair pair, CancellationToken cancellation) => Exact(Direction == Direction.Forward ? Forward(pair) : Reverse(pair));

    internal static double Forward(Pair pair) => pair.Sweep.Forward - pair.Growth;

    internal static double Reverse(Pair pair) => pair.Sweep.Reverse + pair.Growth;

    internal static DensityForm ForwardForm { get; } = new TermForm(static cell => cell.KullbackLeibler, WherePExceeds: Growth.Logarithm);

    internal static DensityForm ReverseForm { get; } = new TermForm(static cell => cell.Reversed.KullbackLeibler, WhereQExceeds: Growth.Logarithm);

    internal static DensityForm Form(Direction direction) => direction == Direction.Forward ? ForwardForm : ReverseForm;
}
