namespace KlCore.Estimation.Classification;

/// <summary>Standardised features of selected points, x first, with a fold for each. A constant 1 stands before them for the intercept.</summary>
internal sealed class FeatureRows
{
    private readonly double[] _rows;
    private readonly int[] _folds;

    /// <summary>Makes the features and the folds.</summary>
    public FeatureRows(PooledSample sample, ReadOnlySpan<int> x, ReadOnlySpan<int> y, bool isQuadratic, int folds)
    {
        var d = sample.Dimension;
        (CountX, Count, Width) = (x.Length, x.Length + y.Length, 1 + (isQuadratic ? d + d * (d + 1) / 2 : d));
        _rows = new double[Count * Width];
        _folds = new int[Count];
        var pooled = new double[Count * d];
        sample.Gather(x).CopyTo(pooled, 0);
        sample.Gather(y).CopyTo(pooled, x.Length * d);
        AssignFolds(pooled, d, 0, CountX, folds);
        AssignFolds(pooled, d, CountX, Count, folds);
        Standardise(pooled, d);
        for (var i = 0; i < Count; i++)
        {
            var point = pooled.AsSpan(i * d, d);
            var row = _rows.AsSpan(i * Width, Width);
            row[0] = 1;
            point.CopyTo(row[1..]);
            for (int a = 0, at = 1 + d; isQuadratic && a < d; a++)
                for (var b = a; b < d; b++) row[at++] = point[a] * point[b];
        }

        // Products of standardised numbers are not standardised themselves.
        if (isQuadratic) Standardise(_rows, Width, first: 1 + d);
    }

    /// <summary>How many points there are.</summary>
    public int Count { get; }

    /// <summary>How many of them, the first, are of x.</summary>
    public int CountX { get; }

    /// <summary>Features of a point, the constant included.</summary>
    public int Width { get; }

    /// <summary>The features of a point.</summary>
    public ReadOnlySpan<double> Row(int point) => _rows.AsSpan(point * Width, Width);

    /// <summary>The fold of a point; -1 is no fold.</summary>
    public int Fold(int point) => _folds[point];

    /// <summary>How many points of a sample are in other folds.</summary>
    public int CountOutside(int fold, bool ofX)
    {
        var count = 0;
        for (var i = ofX ? 0 : CountX; i < (ofX ? CountX : Count); i++)
            if (_folds[i] != fold) count++;
        return count;
    }

    // By rank of the points, so that the order in which they were given does not matter.
    private void AssignFolds(double[] points, int d, int start, int end, int folds)
    {
        int[] order = [.. Enumerable.Range(start, end - start)];
        Array.Sort(order, (a, b) => points.AsSpan(a * d, d).SequenceCompareTo(points.AsSpan(b * d, d)));
        for (var rank = 0; rank < order.Length; rank++) _folds[order[rank]] = rank % folds;
    }

    private static void Standardise(double[] rows, int width, int first = 0)
    {
        var count = rows.Length / width;
        for (var axis = first; axis < width; axis++)
        {
            var (largest, sum, squares) = (0.0, 0.0, 0.0);
            for (var i = axis; i < rows.Length; i += width) largest = Math.Max(largest, Math.Abs(rows[i]));
            // By a power of two, so that the squares of very large or small numbers stay numbers.
            var unit = largest == 0 ? 0 : -Math.ILogB(largest);
            for (var i = axis; i < rows.Length; i += width) sum += (rows[i] = Math.ScaleB(rows[i], unit)) / count;
            for (var i = axis; i < rows.Length; i += width) squares += (rows[i] - sum) * (rows[i] - sum) / count;
            var deviation = squares > 0 ? Math.Sqrt(squares) : 1;
            for (var i = axis; i < rows.Length; i += width) rows[i] = (rows[i] - sum) / deviation;
        }
    }
}
