using KlCore.Numerics;

namespace KlCore.Estimation.Neighbours;

/// <summary>The estimate of <see cref="NearestNeighbour"/>, of all points and of selections of them.</summary>
internal sealed class NeighbourStatistic : PooledStatistic
{
    private readonly NearestNeighbour _estimator;
    private readonly PooledSample _sample;
    private readonly double[] _coordinates;
    private readonly Lazy<NeighbourLists?> _lists;
    private NeighbourRatios _all = new(0, 0, 0, 0);

    private NeighbourStatistic(NearestNeighbour estimator, PooledSample sample, CancellationToken cancellation)
    {
        (_estimator, _sample) = (estimator, sample);
        _coordinates = ScaledPoints.Of(sample.Coordinates, ScaledPoints.Exponent(sample.Coordinates));
        var length = estimator.Variant == NeighbourVariant.BiasReduced ? 0 : NeighbourLists.LengthFor(sample.CountX, sample.CountY, estimator.K);
        _lists = new Lazy<NeighbourLists?>(() => length == 0 ? null : new NeighbourLists(_coordinates, sample.Dimension, length, estimator.Metric, cancellation));
    }

    public override bool IsShared => true;

    /// <summary>Looks at the samples; refuses ties that the estimator does not take.</summary>
    public static NeighbourStatistic Prepare(NearestNeighbour estimator, PooledSample sample, CancellationToken cancellation)
    {
        var statistic = new NeighbourStatistic(estimator, sample, cancellation);
        var d = sample.Dimension;
        var x = new PointTree(statistic._coordinates.AsSpan(0, sample.CountX * d), d);
        var y = new PointTree(statistic._coordinates.AsSpan(sample.CountX * d), d);
        statistic._all = NeighbourRatios.Of(x, y, estimator, cancellation);
        if (statistic._all.Skipped > 0 && estimator.Ties == TiePolicy.Error) throw Tied(statistic._all.FirstTie, statistic._all.Skipped, estimator.K);
        return statistic;
    }

    public override double OfAll(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation) => _all.Value;

    public override double Of(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation)
    {
        if (2L * (x.Length + y.Length) > _sample.Count && Labels(x, y) is { } labels && _lists.Value is { } lists) return OfLists(lists, labels, x, y, cancellation);
        var d = _sample.Dimension;
        return NeighbourRatios.Of(new PointTree(Gather(x), d), new PointTree(Gather(y), d), _estimator, cancellation).Value;
    }

    public override IReadOnlyDictionary<string, double> Details() => _all.Skipped == 0 ? base.Details() : new Dictionary<string, double> { ["skippedTies"] = _all.Skipped };

    public override IEnumerable<string> Warnings() => TieWarnings(_all.Skipped, _all.Ties, _sample.CountX);

    /// <summary>What a reader should know of points at the same place.</summary>
    internal static IEnumerable<string> TieWarnings(int skipped, int ties, int count)
    {
        if (skipped > 0) yield return $"{skipped} of {count} points of x have their k-th neighbour at the same place and are left out; estimates by neighbours are for distributions with a density.";
        else if (ties > 0) yield return $"{ties} of {count} points of x have another point at the same place: rounded or repeated data, for which the distances to neighbours are coarser than the estimate supposes.";
    }

    /// <summary>The refusal of a point whose k-th neighbour is at the same place.</summary>
    internal static InvalidInputException Tied(int index, int count, int k)
    {
        var problems = new Problems();
        problems.At("x").At(index).Add($"must differ from its neighbours, but k = {k} of them lie at the same place, so that the logarithm of their distance is infinite; so for {count} points in all. Let ties be \"skip\", or take a larger k");
        return new InvalidInputException(problems);
    }

    // By the lists of all points; those few whose list is too short ask a tree.
    private double OfLists(NeighbourLists lists, byte[] labels, ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation)
    {
        var (sum, used, k) = (new CompensatedSum(), 0, _estimator.K);
        INeighbourSearch? near = null, far = null;
        for (var i = 0; i < x.Length; i++)
        {
            if ((i & 4095) == 0) cancellation.ThrowIfCancellationRequested();
            var rho = lists.Distance(x[i], k, 1, labels);
            var nu = lists.Distance(x[i], k, 2, labels);
            // Asked for one more than k, because the tree of x has the point itself.
            if (double.IsInfinity(rho)) rho = Ask(near ??= Search(x, k + 1), x[i], k + 1);
            if (double.IsInfinity(nu)) nu = Ask(far ??= Search(y, k), x[i], k);
            if (rho == 0 || nu == 0) continue;
            sum.Add(Math.Log(nu / rho));
            used++;
        }

        return NeighbourRatios.Mean(sum, used, x.Length, y.Length, _sample.Dimension);
    }

    private INeighbourSearch Search(ReadOnlySpan<int> places, int k) => NeighbourDistances.Search(new PointTree(Gather(places), _sample.Dimension), k, _estimator.Metric);

    private double Ask(INeighbourSearch search, int place, int k)
    {
        search.Find(_coordinates, place, -1);
        return search.Distance(k);
    }

    // Null where a point is there twice.
    private byte[]? Labels(ReadOnlySpan<int> x, ReadOnlySpan<int> y)
    {
        var labels = new byte[_sample.Count];
        foreach (var place in x)
        {
            if (labels[place] != 0) return null;
            labels[place] = 1;
        }

        foreach (var place in y)
        {
            if (labels[place] != 0) return null;
            labels[place] = 2;
        }

        return labels;
    }

    private double[] Gather(ReadOnlySpan<int> places)
    {
        var d = _sample.Dimension;
        var gathered = new double[places.Length * d];
        for (var i = 0; i < places.Length; i++) _coordinates.AsSpan(places[i] * d, d).CopyTo(gathered.AsSpan(i * d));
        return gathered;
    }
}
