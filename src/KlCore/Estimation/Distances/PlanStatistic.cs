namespace KlCore.Estimation.Distances;

/// <summary>A statistic that is found by a transport plan between the selected points.</summary>
/// <param name="sample">The points, of any dimension.</param>
/// <param name="order">The cost of moving a unit is the distance to this power.</param>
/// <param name="solve">What the plan comes to.</param>
internal sealed class PlanStatistic(PooledSample sample, double order, Func<PointCosts, CancellationToken, PlanValue> solve) : PooledStatistic
{
    private readonly int _exponent = DistanceRows.UnitOf(sample.Coordinates);
    private readonly Lock _gate = new();
    private PlanValue? _whole;

    public override bool IsShared => true;

    public override double Of(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation) =>
        sample.IsWhole(x, y) ? Whole(cancellation).Value : Solve(x, y, cancellation).Value;

    public override IReadOnlyDictionary<string, double> Details() => Whole(CancellationToken.None).Told;

    private PlanValue Whole(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_whole is null)
            {
                int[] places = [.. Enumerable.Range(0, sample.Count)];
                _whole = Solve(places.AsSpan(0, sample.CountX), places.AsSpan(sample.CountX), cancellation);
            }

            return _whole;
        }
    }

    private PlanValue Solve(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation) =>
        solve(new PointCosts(sample.Gather(x), sample.Gather(y), sample.Dimension, order, _exponent), cancellation);
}

/// <summary>What a plan comes to.</summary>
/// <param name="Value">The statistic.</param>
/// <param name="Told">How it was found.</param>
internal sealed record PlanValue(double Value, Dictionary<string, double> Told);

/// <summary>
/// |x - y|^k between two lists of points, as parts of the largest one, so that no power over- or underflows where it matters.
/// </summary>
internal sealed class PointCosts
{
    private readonly double[] _x;
    private readonly double[] _y;
    private readonly int _dimension;
    private readonly double _order;
    private readonly double _largest;
    private readonly int _exponent;

    /// <summary>Finds the largest distance between any two of all points.</summary>
    /// <param name="x">The coordinates of some points, one point after the other.</param>
    /// <param name="y">Those of others.</param>
    /// <param name="dimension">How many coordinates a point has.</param>
    /// <param name="order">k.</param>
    /// <param name="exponent">The unit of distances, as a power of two.</param>
    public PointCosts(double[] x, double[] y, int dimension, double order, int exponent)
    {
        (_x, _y, _dimension, _order, _exponent) = (x, y, dimension, order, exponent);
        (CountX, CountY) = (x.Length / dimension, y.Length / dimension);
        _largest = Math.Sqrt(Diameter());
    }

    /// <summary>How many points x has.</summary>
    public int CountX { get; }

    /// <summary>How many points y has.</summary>
    public int CountY { get; }

    /// <summary>Between x and y, row by row.</summary>
    public double[] Between(CancellationToken cancellation) => Of(_x, _y, cancellation);

    /// <summary>Between every two of x.</summary>
    public double[] OfX(CancellationToken cancellation) => Of(_x, _x, cancellation);

    /// <summary>Between every two of y.</summary>
    public double[] OfY(CancellationToken cancellation) => Of(_y, _y, cancellation);

    /// <summary>The root of a cost, as a distance.</summary>
    public double Distance(double cost) => Math.ScaleB(_largest * (_order == 1 ? cost : _order == 2 ? Math.Sqrt(cost) : Math.Pow(cost, 1 / _order)), _exponent);

    /// <summary>A cost, in the given units.</summary>
    public double Cost(double cost) => _order == 1 ? Distance(cost) : cost * Math.Pow(Math.ScaleB(_largest, _exponent), _order);

    /// <summary>What a cost in the given units is in those of this.</summary>
    public double Scaled(double cost) => _largest == 0 ? 1 : _order == 1 ? Math.ScaleB(cost, -_exponent) / _largest : cost / Math.Pow(Math.ScaleB(_largest, _exponent), _order);

    /// <summary>At most twice the largest distance squared: from the first point.</summary>
    private double Diameter()
    {
        double[] all = [.. _x, .. _y];
        var rows = new DistanceRows([.. all, .. all.AsSpan(0, _dimension)], _dimension, _exponent);
        var squares = new double[rows.Count - 1];
        rows.Squares(rows.Count - 1, squares);
        return squares.Max() is var most && most == 0 ? 0 : 4 * most;
    }

    private double[] Of(double[] from, double[] to, CancellationToken cancellation)
    {
        var (n, m) = (from.Length / _dimension, to.Length / _dimension);
        var rows = new DistanceRows([.. to, .. from], _dimension, _exponent);
        var costs = new double[n * m];
        for (var i = 0; i < n; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var row = costs.AsSpan(i * m, m);
            rows.Squares(m + i, row);
            if (_order != 2) PairTable.Roots(row);
            var unit = _order == 2 ? _largest * _largest : _largest;
            for (var j = 0; j < m; j++) row[j] = unit == 0 ? 0 : _order is 1 or 2 ? row[j] / unit : Math.Pow(row[j] / unit, _order);
        }

        return costs;
    }
}
