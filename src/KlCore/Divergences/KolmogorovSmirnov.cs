namespace KlCore.Divergences;

/// <summary>
/// max |F(x) - G(x)|, the largest difference between the cumulative distributions along a line. From 0 to 1, without unit; a metric.
/// Source: A. Kolmogorov, Giornale dell'Istituto Italiano degli Attuari 4 (1933).
/// </summary>
public sealed record KolmogorovSmirnov : Divergence
{
    /// <inheritdoc/>
    public override Description Describe() => new(
        "KS(p, q)", "max |F(x) - G(x)|", "[0, 1]", "The largest difference between the cumulative distributions along the positions.",
        "Kolmogorov, Giornale dell'Istituto Italiano degli Attuari 4 (1933)")
    {
        IsSymmetric = true,
        IsMetric = true,
        UsesPositions = true,
    };

    internal override DensityForm? OfDensities() => new LargestGapForm();

    internal override Measurement Measure(Pair pair, CancellationToken cancellation)
    {
        if (pair.Positions.Dimension() > 1)
            throw new NotComputableException("not-on-a-line", "Kolmogorov-Smirnov needs one coordinate for each category; points in several dimensions have no order.");
        return Exact(Cumulative.Of(pair).Difference[..^1].Select(Math.Abs).DefaultIfEmpty(0).Max());
    }
}
