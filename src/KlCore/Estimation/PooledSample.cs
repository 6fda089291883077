namespace KlCore.Estimation;

/// <summary>Two samples laid end to end: x first, then y. A selection of points is a list of places in the whole.</summary>
public sealed class PooledSample
{
    /// <summary>Lays two samples of equal dimension end to end.</summary>
    public PooledSample(Points x, Points y)
    {
        (CountX, CountY, Dimension) = (x.Count, y.Count, x.Dimension);
        var pooled = new double[(x.Count + y.Count) * Dimension];
        x.Coordinates.CopyTo(pooled);
        y.Coordinates.CopyTo(pooled.AsSpan(x.Coordinates.Length));
        Coordinates = pooled;
    }

    /// <summary>One sample alone, with the logarithm of a known density of each of its points, if there is one.</summary>
    public PooledSample(Points x, double[]? logDensities = null) : this(x, new Points(Array.Empty<double>())) => LogDensities = logDensities;

    /// <summary>ln q of each point of x, where q is a known density and no sample.</summary>
    internal double[]? LogDensities { get; }

    /// <summary>How many points x has.</summary>
    public int CountX { get; }

    /// <summary>How many points y has.</summary>
    public int CountY { get; }

    /// <summary>How many points there are.</summary>
    public int Count => CountX + CountY;

    /// <summary>How many coordinates a point has.</summary>
    public int Dimension { get; }

    /// <summary>From which follows what an estimator draws for itself, such as directions.</summary>
    internal long Seed { get; private set; }

    /// <summary>All coordinates, one point after the other.</summary>
    internal double[] Coordinates { get; }

    /// <summary>The coordinates of one point.</summary>
    public ReadOnlySpan<double> this[int index] => Coordinates.AsSpan(index * Dimension, Dimension);

    /// <summary>The same points for a request with such a seed.</summary>
    internal PooledSample WithSeed(long seed)
    {
        var same = (PooledSample)MemberwiseClone();
        same.Seed = seed;
        return same;
    }

    /// <summary>Whether a selection is all points in their order.</summary>
    internal bool IsWhole(ReadOnlySpan<int> x, ReadOnlySpan<int> y)
    {
        if (x.Length != CountX || y.Length != CountY) return false;
        for (var i = 0; i < x.Length; i++)
        {
            if (x[i] != i) return false;
        }

        for (var i = 0; i < y.Length; i++)
        {
            if (y[i] != x.Length + i) return false;
        }

        return true;
    }

    /// <summary>Where a point was given: "x" or "y" and its place there.</summary>
    public (string Sample, int Index) Origin(int place) => place < CountX ? ("x", place) : ("y", place - CountX);

    /// <summary>The selected points, one after the other.</summary>
    public double[] Gather(ReadOnlySpan<int> places)
    {
        var gathered = new double[places.Length * Dimension];
        if (Dimension == 1)
        {
            for (var i = 0; i < places.Length; i++) gathered[i] = Coordinates[places[i]];
            return gathered;
        }

        for (var i = 0; i < places.Length; i++) this[places[i]].CopyTo(gathered.AsSpan(i * Dimension));
        return gathered;
    }
}
