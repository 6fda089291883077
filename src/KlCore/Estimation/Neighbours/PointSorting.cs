namespace KlCore.Estimation.Neighbours;

/// <summary>Rows of numbers that are moved around in place while a tree is made of them, with the place each came from.</summary>
internal sealed class PointSorting
{
    private uint _state = 2463534242;

    /// <summary>Takes a copy of the points.</summary>
    public PointSorting(ReadOnlySpan<double> coordinates, int dimension)
    {
        (Dimension, Rows) = (dimension, coordinates.ToArray());
        Order = [.. Enumerable.Range(0, coordinates.Length / dimension)];
    }

    /// <summary>How long a row is.</summary>
    public int Dimension { get; }

    /// <summary>The rows.</summary>
    public double[] Rows { get; }

    /// <summary>Where each row was.</summary>
    public int[] Order { get; }

    /// <summary>The coordinate whose values lie farthest apart.</summary>
    public int WidestAxis(int low, int high)
    {
        var d = Dimension;
        if (d == 1) return 0;
        Span<double> least = d <= 64 ? stackalloc double[d] : new double[d], most = d <= 64 ? stackalloc double[d] : new double[d];
        Rows.AsSpan(low * d, d).CopyTo(least);
        Rows.AsSpan(low * d, d).CopyTo(most);
        for (var place = low + 1; place < high; place++)
        {
            var row = Rows.AsSpan(place * d, d);
            for (var axis = 0; axis < row.Length; axis++)
            {
                if (row[axis] < least[axis]) least[axis] = row[axis];
                else if (row[axis] > most[axis]) most[axis] = row[axis];
            }
        }

        var widest = 0;
        for (var axis = 1; axis < d; axis++)
            if (most[axis] - least[axis] > most[widest] - least[widest]) widest = axis;
        return widest;
    }

    /// <summary>Moves rows so that the one at <paramref name="middle"/> is where sorting would put it: none before it is larger, none after it smaller (Hoare's selection).</summary>
    public void Partition(int low, int high, int middle, int axis)
    {
        var (left, right) = (low, high - 1);
        while (left < right)
        {
            var pivot = Pivot(left, right, axis);
            var (i, j) = (left, right);
            while (i <= j)
            {
                while (Key(i, axis) < pivot) i++;
                while (Key(j, axis) > pivot) j--;
                if (i > j) break;
                Swap(i++, j--);
            }

            if (middle <= j) right = j;
            else if (middle >= i) left = i;
            else return;
        }
    }

    // The middle one of three at places that nobody who sends points can foresee to be bad: a fixed choice could be made to take n^2 steps.
    private double Pivot(int left, int right, int axis)
    {
        var (a, b, c) = (Key(Any(left, right), axis), Key(Any(left, right), axis), Key(Any(left, right), axis));
        return Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
    }

    private int Any(int left, int right)
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return left + (int)(((ulong)_state * (uint)(right - left + 1)) >> 32);
    }

    private double Key(int place, int axis) => Rows[place * Dimension + axis];

    private void Swap(int a, int b)
    {
        if (a == b) return;
        (Order[a], Order[b]) = (Order[b], Order[a]);
        for (int i = a * Dimension, j = b * Dimension, end = i + Dimension; i < end; i++, j++) (Rows[i], Rows[j]) = (Rows[j], Rows[i]);
    }
}
