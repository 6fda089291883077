namespace KlCore.Divergences;

/// <summary>
/// H(p, q) = sqrt(1 - BC), BC = sum sqrt(p q). From 0 to 1, without unit; a metric. Computed as sqrt(1/2 sum (sqrt p - sqrt q)^2).
/// Source: E. Hellinger, Journal für die reine und angewandte Mathematik 136 (1909).
/// </summary>
public sealed record Hellinger : Divergence
{
    /// <inheritdoc/>
    public override Description Describe() => new(
        "H(p, q)", "sqrt(1 - BC)", "[0, 1]", "The distance between the square roots of p and q, scaled to at most 1.",
        "Hellinger, Journal fuer die reine und angewandte Mathematik 136 (1909)")
    {
        IsSymmetric = true,
        IsMetric = true,
    };

    internal override DensityForm? OfDensities() => new TermForm(static cell => cell.SquaredRootDifference) { Finish = static integral => Math.Sqrt(integral / 2), Most = 2 };

    internal override Measurement Measure(Pair pair, CancellationToken cancellation) => Exact(Math.Sqrt(Squared(pair)));

    /// <summary>
    /// 1/2 sum (sqrt p - sqrt q)^2, each difference of roots as (p - q)/(sqrt p + sqrt q): 1 - BC for distributions, and 0 only for
    /// equal ones also where clipped probabilities do not sum to 1.
    /// </summary>
    internal static double Squared(Pair pair) => pair.Sweep.Roots / 2;
}
