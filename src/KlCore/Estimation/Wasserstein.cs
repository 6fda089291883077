using System.ComponentModel.DataAnnotations;
using KlCore.Transport;

namespace KlCore.Estimation;

/// <summary>
/// W_k(p, q) = (min over couplings of the mean of |x - y|^k)^(1/k) of the empirical distributions: on a line by sorting.
/// In units of the coordinates, never infinite. Too large: for equal distributions it is of the order of n^(-1/2) on a line.
/// Source: G. Peyré and M. Cuturi, Computational Optimal Transport (2019), chapters 2 and 3.
/// </summary>
public sealed record Wasserstein : Estimator
{
    /// <summary>k, at least 1.</summary>
    [Range(1.0, double.MaxValue)]
    public double Order { get; init; } = 1;

    /// <inheritdoc/>
    public override EstimatorDescription Describe() => new(
        "W_k(p, q)", "(min over couplings of the mean of |x - y|^k)^(1/k) of the empirical distributions",
        "Too large, and not by little in several dimensions, where it falls to the truth as n^(-1/d). Parts of the sample tell its error, not its bias.",
        "Peyre and Cuturi, Computational Optimal Transport (2019)")
    {
        IsNeverNegative = true,
    };

    internal override void CheckSamples(PooledSample sample, Problems problems) => RankStatistic.RequireLine(sample, problems);

    internal override PooledStatistic Prepare(PooledSample sample, CancellationToken cancellation) =>
        new RankStatistic(sample, counts => SampleTransport.OfCounts(counts.Values, counts.X, counts.Y, counts.CountX, counts.CountY, Order) * counts.Unit)
        {
            Whole = () => SampleTransport.Distance(sample.Coordinates[..sample.CountX], sample.Coordinates[sample.CountX..], Order),
        };

    internal override double Work(int x, int y, int dimension) => 20.0 * (x + y);
}
