using KlCore.Numerics;

namespace KlCore.Estimation.Neighbours;

/// <summary>
/// The entropy of Kozachenko and Leonenko of a selection; and, where the logarithm of a density q is known of every point, what is left of -E ln q above it, which is KL(p || q).
/// </summary>
internal sealed class LogNeighbourDistances : PooledStatistic
{
    private readonly PooledSample _sample;
    private readonly double[] _coordinates;
    private readonly int _exponent;
    private readonly int _k;
    private readonly NeighbourMetric _metric;
    private Found _all;

    private LogNeighbourDistances(PooledSample sample, int k, NeighbourMetric metric)
    {
        (_sample, _k, _metric, _exponent) = (sample, k, metric, ScaledPoints.Exponent(sample.Coordinates));
        _coordinates = ScaledPoints.Of(sample.Coordinates, _exponent);
    }

    public override bool IsShared => true;

    /// <summary>Looks at the sample; refuses ties that are not to be skipped.</summary>
    public static LogNeighbourDistances Prepare(PooledSample sample, int k, NeighbourMetric metric, TiePolicy ties, CancellationToken cancellation)
    {
        var statistic = new LogNeighbourDistances(sample, k, metric);
        int[] places = [.. Enumerable.Range(0, sample.CountX)];
        statistic._all = statistic.Find(places, cancellation);
        if (statistic._all.Skipped > 0 && ties == TiePolicy.Error) throw NeighbourStatistic.Tied(statistic._all.FirstTie, statistic._all.Skipped, k);
        return statistic;
    }

    public override double OfAll(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation) => _all.Value;

    public override double Of(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation) => Find(x, cancellation).Value;

    public override IReadOnlyDictionary<string, double> Details() => _all.Skipped == 0 ? base.Details() : new Dictionary<string, double> { ["skippedTies"] = _all.Skipped };

    public override IEnumerable<string> Warnings() => NeighbourStatistic.TieWarnings(_all.Skipped, _all.Ties, _sample.CountX);

    private Found Find(ReadOnlySpan<int> places, CancellationToken cancellation)
    {
        var d = _sample.Dimension;
        if (_k >= places.Length) return new Found(double.NaN, 0, 0, 0);
        var points = new double[places.Length * d];
        for (var i = 0; i < places.Length; i++) _coordinates.AsSpan(places[i] * d, d).CopyTo(points.AsSpan(i * d));
        var tree = new PointTree(points, d);
        var (distances, isTied) = (new double[places.Length], new bool[places.Length]);
        NeighbourDistances.ForEach(tree, tree, _k, _metric, (search, place) => (distances[tree.Order[place]], isTied[tree.Order[place]]) = (search.Distance(_k), search.Distance(1) == 0), cancellation);

        var (sum, used, first) = (new CompensatedSum(), 0, -1);
        for (var i = 0; i < distances.Length; i++)
        {
            if (distances[i] == 0)
            {
                if (first < 0) first = i;
                continue;
            }

            sum.Add(d * Math.Log(distances[i]));
            if (_sample.LogDensities is { } known) sum.Add(known[places[i]]);
            used++;
        }

        var (n, sign) = (places.Length, _sample.LogDensities is null ? 1 : -1);
        // The literature has psi(n) in the entropy and ln(n - 1) against a density.
        var constant = (_sample.LogDensities is null ? GammaFunctions.Digamma(n) : Math.Log(n - 1)) - GammaFunctions.Digamma(_k) + LogUnitBall(d, _metric) - d * _exponent * Units.Ln2;
        return new Found(used == 0 ? double.NaN : sign * (sum.Value / used + constant), distances.Length - used, first, isTied.Count(tied => tied));
    }

    /// <summary>ln of the volume of the unit ball.</summary>
    internal static double LogUnitBall(int d, NeighbourMetric metric) =>
        metric == NeighbourMetric.Chebyshev ? d * Units.Ln2 : d / 2.0 * Math.Log(Math.PI) - GammaFunctions.LogGamma(d / 2.0 + 1);

    private readonly record struct Found(double Value, int Skipped, int FirstTie, int Ties);
}
