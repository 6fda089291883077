using KlCore.Numerics;
using KlCore.Transport;

namespace KlCore.Divergences;

/// <summary>
/// sqrt(2 E|X-Y| - E|X-X'| - E|Y-Y'|), on a line sqrt(2 integral (F - G)^2 dx), for X ~ p, Y ~ q; in units of the square root of the
/// positions, from 0; a metric. In several dimensions as sqrt(-sum (q_i - p_i)(q_j - p_j)|x_i - x_j|), for up to
/// <see cref="MaximumPoints"/> categories. Source: G. Székely and M. Rizzo, Journal of Statistical Planning and Inference 143 (2013).
/// </summary>
public sealed record EnergyDistance : Divergence
{
    /// <summary>How many categories are taken when the positions are points in several dimensions.</summary>
    public const int MaximumPoints = 8192;

    /// <inheritdoc/>
    public override Description Describe() => new(
        "D(p, q)", "sqrt(2 E|X-Y| - E|X-X'| - E|Y-Y'|); on a line sqrt(2 integral (F - G)^2 dx)", "[0, Infinity)",
        "How much farther points of p and q are from each other than from their own kind.",
        "Szekely and Rizzo, Journal of Statistical Planning and Inference 143 (2013)")
    {
        IsSymmetric = true,
        IsMetric = true,
        UsesPositions = true,
    };

    internal override DensityForm? OfDensities() => new EnergyForm();

    internal override Measurement Measure(Pair pair, CancellationToken cancellation)
    {
        if (pair.Positions.Dimension() == 1) return Exact(OnLine(Cumulative.Of(pair)));
        Ground.RequireAtMost(MaximumPoints, pair, "An energy distance between points in several dimensions");
        return Exact(InSpace(pair.Renormalised(), cancellation));
    }

    /// <summary>In units of the largest cumulative difference, so that no square underflows.</summary>
    private static double OnLine(Cumulative cumulative)
    {
        var largest = cumulative.Difference.Max(Math.Abs);
        if (largest == 0) return 0;
        var root = largest * Math.Sqrt(2 * LineTransport.Integral(cumulative, x => x / largest * (x / largest)));
        return Math.ScaleB(root, cumulative.Exponent / 2);
    }

    private static double InSpace(Pair pair, CancellationToken cancellation)
    {
        var (points, exponent) = ScaledPoints.Of(pair.Positions);
        var sum = new CompensatedSum();
        for (var i = 0; i < points.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (pair.Difference[i] == 0) continue;
            for (var j = 0; j < i; j++) sum.Add(-pair.Difference[i] * pair.Difference[j] * Ground.Distance(points[i], points[j]));
        }

        return Math.ScaleB(Math.Sqrt(Math.Max(0, 2 * sum.Value)), exponent / 2);
    }
}
