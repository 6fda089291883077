using KlCore.Numerics;

namespace KlCore.Estimation.Neighbours;

/// <summary>The distance of every point to its k-th neighbour in a tree.</summary>
internal static class NeighbourDistances
{
    // What one thread takes at a time; which one does nothing to the result, since no query depends on another.
    private const int LeavesAtOnce = 64;

    /// <summary>
    /// The distances of the points of <paramref name="queries"/>, in the order in which they were given, to their k-th neighbours in <paramref name="tree"/>. Where both are the
    /// same tree no point is its own neighbour, but another one at the same place is.
    /// </summary>
    public static double[] Of(PointTree tree, PointTree queries, int k, NeighbourMetric metric, CancellationToken cancellation)
    {
        var distances = new double[queries.Count];
        ForEach(tree, queries, k, metric, (search, place) => distances[queries.Order[place]] = search.Distance(k), cancellation);
        return distances;
    }

    /// <summary>Finds the k neighbours of every point, those of one leaf after the other, by several threads where that is worth it.</summary>
    public static void ForEach(PointTree tree, PointTree queries, int k, NeighbourMetric metric, Action<INeighbourSearch, int> found, CancellationToken cancellation)
    {
        var isSelf = ReferenceEquals(tree, queries);
        var parts = (queries.LeafCount + LeavesAtOnce - 1) / LeavesAtOnce;
        void Do(INeighbourSearch search, int part)
        {
            cancellation.ThrowIfCancellationRequested();
            var end = Math.Min(queries.Count, (part + 1) * LeavesAtOnce * PointTree.LeafSize);
            for (var place = part * LeavesAtOnce * PointTree.LeafSize; place < end; place++)
            {
                search.Find(queries.Rows, place, isSelf ? place : -1);
                found(search, place);
            }
        }

        if (parts == 1 || Environment.ProcessorCount == 1)
        {
            var search = Search(tree, k, metric);
            for (var part = 0; part < parts; part++) Do(search, part);
            return;
        }

        Parallel.For(0, parts, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, () => Search(tree, k, metric), (part, _, search) =>
        {
            Do(search, part);
            return search;
        }, _ => { });
    }

    /// <summary>A search by the widest lanes that this machine has.</summary>
    public static INeighbourSearch Search(PointTree tree, int k, NeighbourMetric metric) => metric == NeighbourMetric.Euclidean ? Search<EuclideanMetric>(tree, k) : Search<ChebyshevMetric>(tree, k);

    private static INeighbourSearch Search<TMetric>(PointTree tree, int k) where TMetric : struct, IMetric
    {
        if (Lanes512.IsSupported) return new TreeSearch<TMetric, Lanes512>(tree, k);
        return Lanes256.IsSupported ? new TreeSearch<TMetric, Lanes256>(tree, k) : new TreeSearch<TMetric, Lanes64>(tree, k);
    }
}
