using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KlCore.Numerics;

namespace KlCore.Estimation.Neighbours;

/// <summary>
/// Finds the k points of a tree that are nearest to a query, exactly. Subtrees are entered the nearer one first; how far the box of a subtree is away is kept up to date by the
/// one coordinate in which a split moves it (Arya and Mount 1993). Used by one thread; allocates nothing for a query.
/// </summary>
internal sealed class TreeSearch<TMetric, TLanes>(PointTree tree, int k) : INeighbourSearch
    where TMetric : struct, IMetric
    where TLanes : struct, ILanes<TLanes>
{
    // Rounding may make a box seem farther away than it is, by a few units for each split above it.
    private const double Rounding = 1 - 1e-13;

    private readonly double[] _offsets = new double[tree.Dimension];
    private readonly double[] _raw = new double[k];
    private readonly int[] _places = new int[k];
    private readonly double[] _candidates = new double[PointTree.LeafSize];
    private double[] _query = [];
    private int _start;
    private int _self;
    private double _bound;

    /// <inheritdoc/>
    public double Distance(int rank) => TMetric.Distance(_raw[rank - 1]);

    /// <inheritdoc/>
    public int Place(int rank) => _places[rank - 1];

    /// <inheritdoc/>
    public void Find(double[] rows, int row, int self)
    {
        (_query, _start, _self, _bound) = (rows, row * tree.Dimension, self, double.PositiveInfinity);
        _raw.AsSpan().Fill(double.PositiveInfinity);
        _places.AsSpan().Fill(-1);
        _offsets.AsSpan().Clear();
        Descend(0, tree.LeafCount, 0);
    }

    private void Descend(int first, int end, double box)
    {
        while (end - first > 1)
        {
            var middle = (first + end) >> 1;
            var axis = tree.Axis(middle);
            var difference = _query[_start + axis] - tree.SplitAt(middle);
            if (difference < 0) Descend(first, middle, box);
            else Descend(middle, end, box);
            var before = _offsets[axis];
            var far = TMetric.Move(box, before, difference);
            if (far * Rounding >= _bound) return;
            _offsets[axis] = difference;
            if (difference < 0) Descend(middle, end, far);
            else Descend(first, middle, far);
            _offsets[axis] = before;
            return;
        }

        Compare(first);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Compare(int leaf)
    {
        var d = tree.Dimension;
        ref var block = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(tree.Leaves), (nuint)leaf * (nuint)(d * PointTree.LeafSize));
        ref var query = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_query), _start);
        for (var slot = 0; slot < PointTree.LeafSize; slot += 2 * TLanes.Count)
        {
            TLanes low = TLanes.All(0), high = TLanes.All(0);
            for (var axis = 0; axis < d; axis++)
            {
                var coordinate = TLanes.All(Unsafe.Add(ref query, axis));
                var offset = (nuint)(axis * PointTree.LeafSize + slot);
                low = TMetric.Add(low, TLanes.Load(in block, offset) - coordinate);
                high = TMetric.Add(high, TLanes.Load(in block, offset + (nuint)TLanes.Count) - coordinate);
            }

            var bound = TLanes.All(_bound);
            var near = TLanes.Bits(TLanes.AtMost(low, bound)) | (TLanes.Bits(TLanes.AtMost(high, bound)) << TLanes.Count);
            if (near == 0) continue;
            low.Store(ref MemoryMarshal.GetArrayDataReference(_candidates), 0);
            high.Store(ref MemoryMarshal.GetArrayDataReference(_candidates), (nuint)TLanes.Count);
            Keep(near, leaf * PointTree.LeafSize + slot);
        }
    }

    private void Keep(uint near, int first)
    {
        for (; near != 0; near &= near - 1)
        {
            var slot = BitOperations.TrailingZeroCount(near);
            var raw = _candidates[slot];
            if (raw >= _bound || first + slot == _self) continue;
            var rank = _raw.Length - 1;
            for (; rank > 0 && _raw[rank - 1] > raw; rank--) (_raw[rank], _places[rank]) = (_raw[rank - 1], _places[rank - 1]);
            (_raw[rank], _places[rank]) = (raw, first + slot);
            _bound = _raw[^1];
        }
    }
}

/// <summary>Finds the points nearest to a query, one query after the other.</summary>
internal interface INeighbourSearch
{
    /// <summary>Finds them.</summary>
    /// <param name="rows">Points, one after the other.</param>
    /// <param name="row">Which of them is the query.</param>
    /// <param name="self">The place in the tree that is the query itself and is passed over; -1 if it is none of the tree's.</param>
    void Find(double[] rows, int row, int self);

    /// <summary>How far the nearest (rank 1), the second, … is away; infinite where there are not so many.</summary>
    double Distance(int rank);

    /// <summary>Which place of the tree it has; -1 where there are not so many.</summary>
    int Place(int rank);
}
