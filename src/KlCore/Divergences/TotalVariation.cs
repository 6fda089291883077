namespace KlCore.Divergences;

/// <summary>
/// TV(p, q) = 1/2 sum |p - q|: the largest difference between the probabilities of one event. From 0 to 1, without unit; a metric.
/// </summary>
public sealed record TotalVariation : Divergence
{
    /// <inheritdoc/>
    public override Description Describe() => new(
        "TV(p, q)", "1/2 sum |p - q|", "[0, 1]",
        "The largest difference between the probabilities that p and q give to one event.",
        "Tsybakov, Introduction to Nonparametric Estimation (2009), section 2.4")
    {
        IsSymmetric = true,
        IsMetric = true,
    };

    internal override DensityForm? OfDensities() => new TermForm(static cell => Math.Abs(cell.Difference)) { Finish = static integral => integral / 2, Most = 2 };

    internal override Measurement Measure(Pair pair, CancellationToken cancellation) => Exact(pair.Sweep.Absolute / 2);
}
