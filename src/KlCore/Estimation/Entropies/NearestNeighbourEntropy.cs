using System.ComponentModel.DataAnnotations;
using KlCore.Estimation.Neighbours;

namespace KlCore.Estimation.Entropies;

/// <summary>The entropy of Kozachenko and Leonenko: psi(n) - psi(k) + ln V_d + d/n sum ln rho_k(i), with rho_k(i) the distance of x_i to its k-th neighbour and V_d the volume of the unit ball.</summary>
public sealed record NearestNeighbourEntropy : EntropyEstimator
{
    /// <summary>Which neighbour is looked at; a larger k gives a smaller variance and more bias.</summary>
    [Range(1, 100)]
    public int K { get; init; } = 5;

    /// <summary>How far two points are apart.</summary>
    public NeighbourMetric Metric { get; init; }

    /// <summary>What becomes of points whose k-th neighbour lies at the same place.</summary>
    public TiePolicy Ties { get; init; }

    /// <inheritdoc/>
    public override EstimatorDescription Describe() => new(
        "h(p)", "psi(n) - psi(k) + ln V_d + d/n sum ln rho_k(i)",
        "The differential entropy, in any dimension. Consistent for fixed k; too large in more than about 5 dimensions, where neighbours are far.",
        "Kozachenko, Leonenko, Problems of Information Transmission 23 (1987)")
    {
        FollowsUnit = true,
        HasPermutationTest = false,
    };

    internal override void CheckSamples(PooledSample sample, Problems problems)
    {
        if (sample.CountX <= K) problems.Add("x", $"must have more than k = {K} points, had {sample.CountX}");
    }

    internal override PooledStatistic Prepare(PooledSample sample, CancellationToken cancellation) => LogNeighbourDistances.Prepare(sample, K, Metric, Ties, cancellation);

    internal override double Work(int x, int y, int dimension) => NeighbourWork.OfTrees(x, 0, dimension, K);

    internal override int LeastPoints(int dimension) => K + 2;

    internal override ErrorMethod ErrorMethod => ErrorMethod.Jackknife;

    internal override IEnumerable<string> Warnings(PooledSample sample) => NeighbourWarnings.Of(sample);
}
