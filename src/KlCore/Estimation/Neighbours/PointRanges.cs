namespace KlCore.Estimation.Neighbours;

/// <summary>Counts of points within a distance.</summary>
internal interface IRangeSearch
{
    /// <summary>How many points lie at most so far away (or less far, if <paramref name="isStrict"/>), and how far the farthest of them is.</summary>
    /// <param name="rows">Points, one after the other.</param>
    /// <param name="row">Which of them is the query.</param>
    /// <param name="self">The place in the tree that is the query itself and does not count; -1 if it is none of the tree's.</param>
    /// <param name="radius">How far.</param>
    /// <param name="isStrict">Whether points at exactly that distance do not count.</param>
    (int Count, double Farthest) Within(double[] rows, int row, int self, double radius, bool isStrict = false);
}

/// <summary>Goes through all points of a tree, by several threads where there are many.</summary>
internal static class PointRanges
{
    private const int PointsAtOnce = 1024;

    /// <summary>A count in a metric.</summary>
    public static IRangeSearch Over(PointTree tree, NeighbourMetric metric) => metric == NeighbourMetric.Euclidean ? new RangeSearch<EuclideanMetric>(tree) : new RangeSearch<ChebyshevMetric>(tree);

    /// <summary>Calls <paramref name="visit"/> for every place of the tree with something of the thread's own.</summary>
    public static void ForEach<TOwn>(PointTree tree, Func<TOwn> own, Action<TOwn, int> visit, CancellationToken cancellation)
    {
        var parts = (tree.Count + PointsAtOnce - 1) / PointsAtOnce;
        Parallel.For(0, parts, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, own, (part, _, mine) =>
        {
            for (var place = part * PointsAtOnce; place < Math.Min(tree.Count, (part + 1) * PointsAtOnce); place++) visit(mine, place);
            return mine;
        }, _ => { });
    }
}
