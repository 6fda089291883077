using KlCore.Numerics;

namespace KlCore.Estimation.Distances;

/// <summary>Sums of a symmetric function over all pairs of points, each point with itself too.</summary>
/// <param name="X">Over pairs of x.</param>
/// <param name="Y">Over pairs of y.</param>
/// <param name="Between">Over pairs of one of x and one of y.</param>
internal readonly record struct PairSums(double X, double Y, double Between)
{
    /// <summary>Multiplications for all pairs of so many points, each of which takes so many.</summary>
    public static double Work(double points, double each) => points * points / 2 * each;
}

/// <summary>A function of the distance of two points.</summary>
internal interface IPairFunction
{
    /// <summary>Of a point and itself.</summary>
    double Same { get; }

    /// <summary>Replaces squared distances by the function of the distance.</summary>
    void Replace(Span<double> squares);
}

/// <summary>
/// A statistic that is made of the sums of a function over pairs of points. For up to <see cref="MostKept"/> points the function is found once for
/// every pair; then a permutation is one pass over the table.
/// </summary>
internal sealed class PairStatistic : PooledStatistic
{
    /// <summary>For how many points the table is kept: 64 MB.</summary>
    public const int MostKept = 4096;

    private readonly PooledSample _sample;
    private readonly int _exponent;
    private readonly IPairFunction _function;
    private readonly PairTable? _table;
    private PairSums? _whole;

    /// <summary>Finds the function of every two points, if there are not too many.</summary>
    /// <param name="sample">The points.</param>
    /// <param name="exponent">The unit of distances, as a power of two.</param>
    /// <param name="function">Of two points, whose distance is in that unit.</param>
    /// <param name="cancellation">Looked at between rows.</param>
    public PairStatistic(PooledSample sample, int exponent, IPairFunction function, CancellationToken cancellation)
    {
        (_sample, _exponent, _function) = (sample, exponent, function);
        if (sample.Count <= MostKept) _table = new PairTable(new DistanceRows(sample.Coordinates, sample.Dimension, exponent), function, cancellation);
    }

    /// <summary>The statistic, from the sums and the numbers of points.</summary>
    public required Func<PairSums, int, int, double> Value { get; init; }

    /// <summary>What else is to be told.</summary>
    public required Func<PairSums, int, int, Dictionary<string, double>> Told { get; init; }

    public override bool IsShared => true;

    public override double OfAll(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation)
    {
        var sums = Sums(x, y, cancellation);
        _whole = sums;
        return Value(sums, x.Length, y.Length);
    }

    public override double Of(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation) => Value(Sums(x, y, cancellation), x.Length, y.Length);

    public override IReadOnlyDictionary<string, double> Details()
    {
        int[] places = _whole is null ? [.. Enumerable.Range(0, _sample.Count)] : [];
        return Told(_whole ?? Sums(places.AsSpan(0, _sample.CountX), places.AsSpan(_sample.CountX), CancellationToken.None), _sample.CountX, _sample.CountY);
    }

    /// <summary>The sums over pairs from a selection of places.</summary>
    private PairSums Sums(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation)
    {
        // A small part of the sample is sooner found anew.
        if (2 * (x.Length + y.Length) < _sample.Count || _table is null) return Direct(x, y, cancellation);
        cancellation.ThrowIfCancellationRequested();
        var (weightsX, weightsY) = (new double[_sample.Count], new double[_sample.Count]);
        foreach (var place in x) weightsX[place]++;
        foreach (var place in y) weightsY[place]++;
        return _table.Sums(weightsX, weightsY);
    }

    private PairSums Direct(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation)
    {
        var rows = new DistanceRows(_sample.Gather([.. x, .. y]), _sample.Dimension, _exponent);
        var row = new double[rows.Count];
        CompensatedSum sumX = new(), sumY = new(), between = new();
        for (var i = 0; i < rows.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var values = row.AsSpan(0, i);
            rows.Squares(i, values);
            _function.Replace(values);
            if (i < x.Length)
            {
                sumX.Add(PairTable.Sum(values));
            }
            else
            {
                between.Add(PairTable.Sum(values[..x.Length]));
                sumY.Add(PairTable.Sum(values[x.Length..]));
            }
        }

        return new(2 * sumX.Value + _function.Same * x.Length, 2 * sumY.Value + _function.Same * y.Length, between.Value);
    }
}

/// <summary>The distance itself.</summary>
internal sealed class PointDistance : IPairFunction
{
    public double Same => 0;

    public void Replace(Span<double> squares) => PairTable.Roots(squares);
}

/// <summary>e^(-|a - b|^2/(2 h^2)).</summary>
/// <param name="bandwidth">h, positive, in the unit of the distances.</param>
internal sealed class GaussianKernel(double bandwidth) : IPairFunction
{
    public double Same => 1;

    public void Replace(Span<double> squares)
    {
        var factor = -0.5 / bandwidth / bandwidth;
        var isPlain = double.IsFinite(factor) && factor < 0;
        for (var i = 0; i < squares.Length; i++) squares[i] = isPlain ? factor * squares[i] : -0.5 * (Math.Sqrt(squares[i]) / bandwidth) * (Math.Sqrt(squares[i]) / bandwidth);
        Exponentials.Replace(squares);
    }
}
