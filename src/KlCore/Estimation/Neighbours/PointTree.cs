namespace KlCore.Estimation.Neighbours;

/// <summary>
/// Points sorted into leaves of 16 by halving the widest coordinate over and over (a k-d tree; Friedman, Bentley and Finkel 1977). A leaf holds its points coordinate by
/// coordinate, so that a query is compared with all of them at once. Every leaf but the last is full: the tree over leaves a to b splits at leaf (a + b)/2 and needs
/// no pointers.
/// </summary>
internal sealed class PointTree
{
    /// <summary>How many points a leaf holds.</summary>
    public const int LeafSize = 16;

    private readonly int[] _axes;
    private readonly double[] _splits;

    /// <summary>Sorts points, given one after the other.</summary>
    public PointTree(ReadOnlySpan<double> coordinates, int dimension)
    {
        (Count, Dimension) = (coordinates.Length / dimension, dimension);
        LeafCount = (Count + LeafSize - 1) / LeafSize;
        (_axes, _splits) = (new int[LeafCount + 1], new double[LeafCount + 1]);
        var sorting = new PointSorting(coordinates, dimension);
        Split(sorting, 0, LeafCount);
        Order = sorting.Order;
        Rows = sorting.Rows;
        Leaves = new double[LeafCount * LeafSize * dimension];
        // The places that the last leaf leaves empty are infinitely far away.
        Array.Fill(Leaves, double.PositiveInfinity);
        for (var place = 0; place < Count; place++)
        {
            var (leaf, slot) = (place / LeafSize, place % LeafSize);
            for (var axis = 0; axis < dimension; axis++) Leaves[(leaf * dimension + axis) * LeafSize + slot] = Rows[place * dimension + axis];
        }
    }

    /// <summary>How many points there are.</summary>
    public int Count { get; }

    /// <summary>How many coordinates a point has.</summary>
    public int Dimension { get; }

    /// <summary>How many leaves there are.</summary>
    public int LeafCount { get; }

    /// <summary>Which of the points as they were given stands at a place of the tree.</summary>
    public int[] Order { get; }

    /// <summary>The points as the tree has them, one after the other.</summary>
    public double[] Rows { get; }

    /// <summary>Leaf after leaf, of each the coordinates in turn, 16 numbers of each.</summary>
    public double[] Leaves { get; }

    /// <summary>Which coordinate the split before a leaf is in.</summary>
    public int Axis(int middle) => _axes[middle];

    /// <summary>Where: to the left of it lie points not above, to the right points not below.</summary>
    public double SplitAt(int middle) => _splits[middle];

    private void Split(PointSorting sorting, int first, int end)
    {
        if (end - first < 2) return;
        var middle = (first + end) / 2;
        var (low, high, at) = (first * LeafSize, Math.Min(end * LeafSize, Count), middle * LeafSize);
        var axis = sorting.WidestAxis(low, high);
        sorting.Partition(low, high, at, axis);
        (_axes[middle], _splits[middle]) = (axis, Rows0(sorting, at, axis));
        Split(sorting, first, middle);
        Split(sorting, middle, end);
    }

    private static double Rows0(PointSorting sorting, int place, int axis) => sorting.Rows[place * sorting.Dimension + axis];
}
