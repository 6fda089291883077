namespace KlCore.Estimation;

/// <summary>Two samples laid end to end: x first, then y. A selection of points is a list of places in the whole.</summary>
internal sealed class PooledSample
{
    public PooledSample(Points x, Points y)
    {
        (CountX, CountY, Dimension) = (x.Count, y.Count, x.Dimension);
        var pooled = new double[(x.Count + y.Count) * Dimension];
        x.Coordinates.CopyTo(pooled);
        y.Coordinates.CopyTo(pooled.AsSpan(x.Coordinates.Length));
        Coordinates = pooled;
    }

    /// <summary>How many points x has.</summary>
    public int CountX { get; }

    /// <summary>How many points y has.</summary>
    public int CountY { get; }

    /// <summary>How many points there are.</summary>
    public int Count => CountX + CountY;

    /// <summary>How many coordinates a point has.</summary>
    public int Dimension { get; }

    /// <summary>All coordinates, one point after the other.</summary>
    public double[] Coordinates { get; }

    /// <summary>The coordinates of one point.</summary>
    public ReadOnlySpan<double> this[int index] => Coordinates.AsSpan(index * Dimension, Dimension);

    /// <summary>The selected points, one after the other.</summary>
    public double[] Gather(ReadOnlySpan<int> places)
    {
        var gathered = new double[places.Length * Dimension];
        for (var i = 0; i < places.Length; i++) this[places[i]].CopyTo(gathered.AsSpan(i * Dimension));
        return gathered;
    }
}

/// <summary>A statistic of two samples, ready to be found for many selections from the same points. Used by one thread at a time.</summary>
internal abstract class PooledStatistic
{
    /// <summary>The statistic of two selections, which may repeat points and, in a permutation test, mix those of x and y.</summary>
    public abstract double Of(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation);

    /// <summary>The standard error of the statistic of all points, where it is known without resampling.</summary>
    public virtual double? StandardError(CancellationToken cancellation) => null;

    /// <summary>The probability of at least this value if both samples were of one distribution, where it is known without permutations.</summary>
    public virtual double? PValue(CancellationToken cancellation) => null;

    /// <summary>What was chosen or found on the way: the bandwidth, the number of bins, a marginal error, …</summary>
    public virtual IReadOnlyDictionary<string, double> Details() => new Dictionary<string, double>();
}
