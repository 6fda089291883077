namespace KlCore.Divergences;

/// <summary>
/// sum (p - q)^2 / (p + q). From 0 to 2, without unit. Source: L. Le Cam, Asymptotic Methods in Statistical Decision Theory (1986);
/// F. Topsøe, IEEE Transactions on Information Theory 46 (2000).
/// </summary>
public sealed record Triangular : Divergence
{
    /// <inheritdoc/>
    public override Description Describe() => new(
        "Delta(p, q)", "sum (p - q)^2 / (p + q)", "[0, 2]", "Squared differences in units of the sum, also called Vincze-Le Cam; always finite.",
        "Topsoe, IEEE Transactions on Information Theory 46 (2000)")
    {
        IsSymmetric = true,
    };

    internal override DensityForm? OfDensities() => new TermForm(static cell => new Term().Of(cell)) { Most = 2 };

    internal override Measurement Measure(Pair pair, CancellationToken cancellation) => Exact(Sums.Of(pair, new Term()));

    private readonly struct Term : ITerm
    {
        public double Of(in Cell cell) => cell.Difference * cell.Skewness;
    }
}
