namespace KlCore.Estimation.Neighbours;

/// <summary>
/// The nearest points of every point, whatever sample they are of, in ascending order: found once, they answer who is the k-th neighbour of one sample for any exchange of points
/// between the samples.
/// </summary>
internal sealed class NeighbourLists
{
    private const int Longest = 160;
    private const long MostEntries = 1 << 23;

    private readonly int _length;
    private readonly int[] _places;
    private readonly double[] _distances;

    /// <summary>Finds them.</summary>
    public NeighbourLists(double[] coordinates, int dimension, int length, NeighbourMetric metric, CancellationToken cancellation)
    {
        var tree = new PointTree(coordinates, dimension);
        _length = Math.Min(length, tree.Count - 1);
        (_places, _distances) = (new int[(long)tree.Count * _length], new double[(long)tree.Count * _length]);
        NeighbourDistances.ForEach(tree, tree, _length, metric, (search, place) =>
        {
            var start = tree.Order[place] * _length;
            for (var rank = 1; rank <= _length; rank++) (_places[start + rank - 1], _distances[start + rank - 1]) = (tree.Order[search.Place(rank)], search.Distance(rank));
        }, cancellation);
    }

    /// <summary>How long lists must be to hold k points of the smaller sample all but surely; 0 where they would be too long.</summary>
    public static int LengthFor(int x, int y, int k)
    {
        if (y == 0) return 0;
        var share = Math.Min(x, y) / ((double)x + y);
        var length = (int)Math.Ceiling((k + 5 * Math.Sqrt(k) + 8) / share);
        return length <= Longest && ((long)x + y) * length <= MostEntries ? length : 0;
    }

    /// <summary>The distance of a point to its k-th neighbour with a label; infinite where the list does not reach so far.</summary>
    public double Distance(int place, int k, byte label, byte[] labels)
    {
        for (int entry = place * _length, end = entry + _length; entry < end; entry++)
            if (labels[_places[entry]] == label && --k == 0) return _distances[entry];
        return double.PositiveInfinity;
    }
}
