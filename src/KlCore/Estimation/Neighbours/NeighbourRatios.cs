using KlCore.Numerics;

namespace KlCore.Estimation.Neighbours;

/// <summary>What the distances of every x to its neighbours among x and among y come to.</summary>
/// <param name="Value">The estimate in nats; NaN where every point was left out.</param>
/// <param name="Skipped">How many points were left out because a distance is 0.</param>
/// <param name="FirstTie">The first of them.</param>
/// <param name="Ties">How many points have another at the same place, those left out included.</param>
internal sealed record NeighbourRatios(double Value, int Skipped, int FirstTie, int Ties)
{
    /// <summary>Asks both trees for every x.</summary>
    public static NeighbourRatios Of(PointTree x, PointTree y, NearestNeighbour estimator, CancellationToken cancellation)
    {
        var (k, metric) = (estimator.K, estimator.Metric);
        var (rho, nu, isTied) = (new double[x.Count], new double[x.Count], new bool[x.Count]);
        if (k >= x.Count || k > y.Count) return new NeighbourRatios(double.NaN, 0, 0, 0);
        NeighbourDistances.ForEach(x, x, k, metric, (search, place) => (rho[x.Order[place]], isTied[x.Order[place]]) = (search.Distance(k), search.Distance(1) == 0), cancellation);
        NeighbourDistances.ForEach(y, x, k, metric, (search, place) =>
        {
            nu[x.Order[place]] = search.Distance(k);
            isTied[x.Order[place]] |= search.Distance(1) == 0;
        }, cancellation);
        var shares = estimator.Variant == NeighbourVariant.BiasReduced ? Widened(x, y, rho, nu, metric, cancellation) : null;

        var (sum, used, first) = (new CompensatedSum(), 0, -1);
        for (var i = 0; i < rho.Length; i++)
        {
            if (rho[i] == 0 || nu[i] == 0)
            {
                if (first < 0) first = i;
                continue;
            }

            sum.Add(Math.Log(nu[i] / rho[i]));
            if (shares is not null) sum.Add(shares[i] / x.Dimension);
            used++;
        }

        return new NeighbourRatios(Mean(sum, used, x.Count, y.Count, x.Dimension), x.Count - used, first, isTied.Count(tied => tied));
    }

    /// <summary>d times the mean of the logarithms, and what differing numbers of points add.</summary>
    public static double Mean(CompensatedSum sum, int used, int x, int y, int dimension) =>
        used == 0 ? double.NaN : dimension * sum.Value / used + Math.Log(y / (x - 1.0));

    /// <summary>
    /// Within the larger of both distances among x and among y: puts the distances of the farthest points there in place of rho and nu, and returns psi(a) - psi(b) of
    /// how many there are.
    /// </summary>
    private static double[] Widened(PointTree x, PointTree y, double[] rho, double[] nu, NeighbourMetric metric, CancellationToken cancellation)
    {
        var shares = new double[rho.Length];
        PointRanges.ForEach(x, () => (PointRanges.Over(x, metric), PointRanges.Over(y, metric)), (ranges, place) =>
        {
            var i = x.Order[place];
            var radius = Math.Max(rho[i], nu[i]);
            var (a, farthestOfX) = ranges.Item1.Within(x.Rows, place, place, radius);
            var (b, farthestOfY) = ranges.Item2.Within(x.Rows, place, -1, radius);
            (rho[i], nu[i]) = (farthestOfX, farthestOfY);
            shares[i] = GammaFunctions.Digamma(a) - GammaFunctions.Digamma(b);
        }, cancellation);
        return shares;
    }
}
