namespace KlCore.Divergences;

/// <summary>H^2(p, q) = 1 - BC, BC = sum sqrt(p q). From 0 to 1, without unit. Computed as 1/2 sum (sqrt p - sqrt q)^2.</summary>
public sealed record SquaredHellinger : Divergence
{
    /// <inheritdoc/>
    public override Description Describe() => new(
        "H^2(p, q)", "1 - BC = 1/2 sum (sqrt p - sqrt q)^2", "[0, 1]", "The square of the Hellinger distance, an f-divergence.",
        "Hellinger, Journal fuer die reine und angewandte Mathematik 136 (1909)")
    {
        IsSymmetric = true,
    };

    internal override DensityForm? OfDensities() => new TermForm(static cell => cell.SquaredRootDifference) { Finish = static integral => integral / 2, Most = 2 };

    internal override Measurement Measure(Pair pair, CancellationToken cancellation) => Exact(Hellinger.Squared(pair));
}
