using KlCore.Numerics;

namespace KlCore.Estimation.Neighbours;

/// <summary>Counts the points of a tree within a distance of a query.</summary>
internal sealed class RangeSearch<TMetric>(PointTree tree) : IRangeSearch
    where TMetric : struct, IMetric
{
    private const double Rounding = 1 - 1e-13;

    private readonly double[] _offsets = new double[tree.Dimension];
    private double[] _query = [];
    private int _start;
    private int _self;
    private double _radius;
    private double _farthest;
    private int _count;

    /// <inheritdoc/>
    public (int Count, double Farthest) Within(double[] rows, int row, int self, double radius, bool isStrict = false)
    {
        (_query, _start, _self, _count, _farthest) = (rows, row * tree.Dimension, self, 0, 0);
        _radius = isStrict ? Math.BitDecrement(radius) : radius;
        _offsets.AsSpan().Clear();
        Descend(0, tree.LeafCount, 0);
        return (_count, _farthest);
    }

    private void Descend(int first, int end, double box)
    {
        if (end - first == 1)
        {
            Count(first);
            return;
        }

        var middle = (first + end) >> 1;
        var axis = tree.Axis(middle);
        var difference = _query[_start + axis] - tree.SplitAt(middle);
        var (near, far) = difference < 0 ? ((first, middle), (middle, end)) : ((middle, end), (first, middle));
        Descend(near.Item1, near.Item2, box);
        var before = _offsets[axis];
        var moved = TMetric.Move(box, before, difference);
        if (TMetric.Distance(Math.Max(0, moved * Rounding)) > _radius) return;
        _offsets[axis] = difference;
        Descend(far.Item1, far.Item2, moved);
        _offsets[axis] = before;
    }

    private void Count(int leaf)
    {
        var d = tree.Dimension;
        var end = Math.Min(tree.Count, (leaf + 1) * PointTree.LeafSize);
        for (var place = leaf * PointTree.LeafSize; place < end; place++)
        {
            if (place == _self) continue;
            var raw = Lanes64.All(0);
            for (var axis = 0; axis < d; axis++) raw = TMetric.Add(raw, Lanes64.All(tree.Rows[place * d + axis] - _query[_start + axis]));
            var distance = TMetric.Distance(raw.Sum());
            if (!(distance <= _radius)) continue;
            _count++;
            _farthest = Math.Max(_farthest, distance);
        }
    }
}
