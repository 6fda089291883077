using System.ComponentModel.DataAnnotations;
using KlCore.Transport;

namespace KlCore.Divergences;

/// <summary>
/// W_k(p, q) = (min over couplings of the mean of |x - y|^k)^(1/k): the least work that turns p into q, in units of the positions, from
/// 0 to their diameter; a metric. On a line exactly, by cumulative differences (k = 1) or the monotone coupling (k = 2); for points in
/// several dimensions by the simplex method on networks, which proves its answer optimal, for up to <see cref="MaximumPoints"/> categories.
/// Source: G. Peyré and M. Cuturi, Computational Optimal Transport (2019), chapters 2 and 3.
/// </summary>
public sealed record Wasserstein : Divergence
{
    /// <summary>How many categories are taken when the positions are points in several dimensions.</summary>
    public const int MaximumPoints = 4096;

    /// <summary>k, 1 or 2.</summary>
    [Range(1, 2)]
    public int Order { get; init; } = 1;

    /// <inheritdoc/>
    public override Description Describe() => new(
        "W_k(p, q)", "(min over couplings of sum |x - y|^k)^(1/k); on a line W_1 = integral |F - G| dx", "[0, diameter of the positions]",
        "The least work that turns p into q, also called earth mover's distance; in units of the positions.",
        "Peyre and Cuturi, Computational Optimal Transport (2019)")
    {
        IsSymmetric = true,
        IsMetric = true,
        UsesPositions = true,
    };

    internal override DensityForm? OfDensities() => new TransportForm(Order);

    internal override Measurement Measure(Pair pair, CancellationToken cancellation)
    {
        if (pair.Positions.Dimension() > 1) Ground.RequireAtMost(MaximumPoints, pair, "An exact Wasserstein distance between points in several dimensions");
        return Exact(Distance(pair, Order, cancellation));
    }

    /// <summary>W_k of a pair, which has at most <see cref="MaximumPoints"/> categories if its points are in several dimensions.</summary>
    internal static double Distance(Pair pair, int order, CancellationToken cancellation)
    {
        if (pair.Positions.Dimension() == 1) return order == 1 ? LineTransport.First(Cumulative.Of(pair)) : LineTransport.Second(pair.Renormalised());
        var balanced = pair.Renormalised();
        var (points, exponent) = ScaledPoints.Of(pair.Positions);
        double Cost(int i, int j) => Ground.Distance(points[i], points[j]) is var distance && order == 1 ? distance : distance * distance;
        var cost = ExactTransport.Between(balanced.P, balanced.Difference, Cost, order == 1, cancellation).Cost;
        return Math.ScaleB(order == 1 ? cost : Math.Sqrt(cost), exponent);
    }
}
