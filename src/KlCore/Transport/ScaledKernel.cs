using KlCore.Numerics;

namespace KlCore.Transport;

/// <summary>
/// An entropic transport problem in progress, over the categories that have mass: potentials f and g, and a kernel
/// K = exp((f + g - C)/eps) with scalings u and v, so that the plan is p q u K v.
/// Source: B. Schmitzer, SIAM Journal on Scientific Computing 41 (2019), on absorbing the scalings.
/// </summary>
internal sealed class ScaledKernel
{
    /// <summary>Scalings beyond e^30 or its inverse are taken up into the potentials.</summary>
    private const double SafeScaling = 1e13;

    /// <summary>A sum of a column below this has lost what its rows were rounded by.</summary>
    private const double Least = 1e-280;

    /// <summary>Exponents up to this size are better summed as differences from 1.</summary>
    private const double Small = 0.1;

    private readonly double[] _p;
    private readonly double[] _q;
    private readonly double[] _logP;
    private readonly double[] _logQ;
    private readonly double[] _cost;
    private readonly double[] _kernel;
    private readonly double[] _f;
    private readonly double[] _g;
    private readonly double[] _u;
    private readonly double[] _v;
    private readonly double[] _exponents;
    private readonly double[] _columnSums;

    /// <summary>The problem of moving p to q.</summary>
    /// <param name="p">Where the mass is.</param>
    /// <param name="q">Where it is to be.</param>
    /// <param name="costs">Of one unit from each place of p to each of q, row by row.</param>
    public ScaledKernel(ReadOnlySpan<double> p, ReadOnlySpan<double> q, double[] costs)
    {
        var (rows, columns) = (Positive(p), Positive(q));
        (_p, _q) = (Pick(p, rows), Pick(q, columns));
        (_logP, _logQ) = (Array.ConvertAll(_p, Math.Log), Array.ConvertAll(_q, Math.Log));
        (_f, _g, _u, _v) = (new double[rows.Length], new double[columns.Length], new double[rows.Length], new double[columns.Length]);
        _exponents = new double[Math.Max(rows.Length, columns.Length)];
        _columnSums = new double[columns.Length];
        _cost = rows.Length == p.Length && columns.Length == q.Length ? costs : PickCosts(costs, q.Length, rows, columns);
        _kernel = new double[_cost.Length];
        foreach (var cost in _cost) LargestCost = Math.Max(LargestCost, cost);
    }

    public int Rows => _p.Length;

    public int Columns => _q.Length;

    public double LargestCost { get; }

    /// <summary>Whether the scalings are still far from under- and overflow.</summary>
    public bool IsSafe { get; private set; }

    /// <summary>Builds the kernel from the potentials; the scalings start at 1.</summary>
    public void TakeUp(double epsilon)
    {
        for (var i = 0; i < Rows; i++)
        {
            var row = Row(_kernel, i);
            Sweeps.Exponents(row, _f[i], _g, Row(_cost, i), 1 / epsilon);
            Exponentials.Replace(row);
            Sweeps.Multiply(row, _q);
        }

        Array.Fill(_u, 1);
        Array.Fill(_v, 1);
        IsSafe = true;
    }

    /// <summary>Puts the scalings into the potentials, as far as they are sound.</summary>
    public void GiveBack(double epsilon)
    {
        for (var i = 0; i < Rows; i++) _f[i] += IsSound(_u[i]) ? epsilon * Math.Log(_u[i]) : 0;
        for (var j = 0; j < Columns; j++) _g[j] += IsSound(_v[j]) ? epsilon * Math.Log(_v[j]) : 0;
    }

    /// <summary>One update of u and then of v; returns by how much the rows were off before, in total.</summary>
    public double Iterate()
    {
        var (error, safe) = (0.0, true);
        Array.Clear(_columnSums);
        for (var i = 0; i < Rows; i++)
        {
            var row = Row(_kernel, i);
            var next = 1 / Sweeps.Dot(row, _v);
            error += _p[i] * Math.Abs(_u[i] / next - 1);
            _u[i] = next;
            safe &= IsSound(next);
            Sweeps.AddScaled(_columnSums, row, _p[i] * next);
        }

        for (var j = 0; j < Columns; j++)
        {
            _v[j] = _q[j] / _columnSums[j];
            safe &= IsSound(_v[j]);
        }

        IsSafe = safe && double.IsFinite(error);
        return IsSafe ? error : double.PositiveInfinity;
    }

    /// <summary>
    /// The same on the potentials, by log-sum-exp. One exponential for each entry is enough: when a row has its new potential, its exponentials are its
    /// part of the plan but for a factor, and are added to the sums of columns. A column that nothing reached is summed by itself.
    /// </summary>
    public double IterateByLogarithms(double epsilon, CancellationToken cancellation)
    {
        if (LargestCost < Small / 4 * epsilon) return IterateBySmallDifferences(epsilon, cancellation);
        var error = 0.0;
        Array.Clear(_columnSums);
        for (var i = 0; i < Rows; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (next, sum) = OfRow(i, epsilon);
            error += _p[i] * Math.Abs(Elementary.Expm1((_f[i] - next) / epsilon));
            _f[i] = next;
            Sweeps.AddScaled(_columnSums, _exponents.AsSpan(0, Columns), _p[i] / sum);
        }

        for (var j = 0; j < Columns; j++)
            _g[j] = _columnSums[j] > Least && double.IsFinite(_columnSums[j]) ? _g[j] - epsilon * Math.Log(_columnSums[j]) : OfColumn(j, epsilon);
        return error;
    }

    /// <summary>One step of a problem with p = q and symmetric costs, half the way: both potentials are the same. Returns by how much the rows were off before, in total.</summary>
    public double IterateSymmetrically(double epsilon, CancellationToken cancellation)
    {
        var error = 0.0;
        for (var i = 0; i < Rows; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var next = LargestCost < Small / 4 * epsilon ? OfColumn(i, epsilon) : OfRow(i, epsilon).Potential;
            error += _p[i] * Math.Abs(Elementary.Expm1((_f[i] - next) / epsilon));
            _u[i] = (_f[i] + next) / 2;
        }

        _u.CopyTo(_f, 0);
        _u.CopyTo(_g, 0);
        return error;
    }

    private double IterateBySmallDifferences(double epsilon, CancellationToken cancellation)
    {
        var error = 0.0;
        for (var i = 0; i < Rows; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var costs = Row(_cost, i);
            for (var j = 0; j < Columns; j++) _exponents[j] = (_g[j] - costs[j]) / epsilon;
            var next = -epsilon * LogMean(_q, _logQ, _exponents.AsSpan(0, Columns));
            error += _p[i] * Math.Abs(Elementary.Expm1((_f[i] - next) / epsilon));
            _f[i] = next;
        }

        for (var j = 0; j < Columns; j++) _g[j] = OfColumn(j, epsilon);
        return error;
    }

    /// <summary>What the potential of a row ought to be; the exponentials that it is the sum of are left, by a factor too large.</summary>
    private (double Potential, double Sum) OfRow(int i, double epsilon)
    {
        var row = _exponents.AsSpan(0, Columns);
        var largest = Sweeps.Exponents(row, 0, _g, Row(_cost, i), 1 / epsilon);
        for (var j = 0; j < row.Length; j++) row[j] -= largest;
        Exponentials.Replace(row);
        var sum = Sweeps.Dot(row, _q);
        return (-epsilon * (largest + Math.Log(sum)), sum);
    }

    private double OfColumn(int column, double epsilon)
    {
        for (var i = 0; i < Rows; i++) _exponents[i] = (_f[i] - _cost[i * Columns + column]) / epsilon;
        return -epsilon * LogMean(_p, _logP, _exponents.AsSpan(0, Rows));
    }

    /// <summary>
    /// The mean cost of the plan, that with its entropy, and its marginals. The entropy is summed as that of r = P/(p q) by
    /// r ln r - r + 1, whose terms are not negative, because with a large regularization those of r ln r would cancel.
    /// </summary>
    public PlanValues Plan(double epsilon)
    {
        CompensatedSum cost = new(), entropy = new(), error = new();
        var columns = new CompensatedSum[Columns];
        for (var i = 0; i < Rows; i++)
        {
            var row = new CompensatedSum();
            for (var j = 0; j < Columns; j++)
            {
                var log = (_f[i] + _g[j] - _cost[i * Columns + j]) / epsilon;
                var product = _p[i] * _q[j];
                var plan = log < 1 ? product * Math.Exp(log) : Math.Exp(_logP[i] + _logQ[j] + log);
                row.Add(plan);
                columns[j].Add(plan);
                cost.Add(plan * _cost[i * Columns + j]);
                entropy.Add(log < 1 ? product * Elementary.Bregman(Math.Exp(log), -Elementary.Expm1(log), 1) : plan * log - plan + product);
            }

            error.Add(Math.Abs(row.Value - _p[i]));
        }

        for (var j = 0; j < Columns; j++) error.Add(Math.Abs(columns[j].Value - _q[j]));
        return new(cost.Value, cost.Value + epsilon * Math.Max(0, entropy.Value), error.Value);
    }

    /// <summary>ln sum m e^x for masses m that sum to 1; where all x are small by e^x - 1, so that nothing of them is lost beside 1.</summary>
    private static double LogMean(double[] masses, double[] logs, ReadOnlySpan<double> x)
    {
        double largest = double.NegativeInfinity, size = 0, sum = 0;
        for (var i = 0; i < x.Length; i++)
        {
            largest = Math.Max(largest, logs[i] + x[i]);
            size = Math.Max(size, Math.Abs(x[i]));
        }

        if (size < Small)
        {
            for (var i = 0; i < x.Length; i++) sum += masses[i] * Elementary.Expm1(x[i]);
            return Elementary.Log1p(sum);
        }

        for (var i = 0; i < x.Length; i++) sum += Math.Exp(logs[i] + x[i] - largest);
        return largest + Math.Log(sum);
    }

    private static bool IsSound(double scaling) => scaling is > 1 / SafeScaling and < SafeScaling;

    private Span<double> Row(double[] matrix, int i) => matrix.AsSpan(i * Columns, Columns);

    private static double[] PickCosts(double[] costs, int width, int[] rows, int[] columns)
    {
        var picked = new double[rows.Length * columns.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < columns.Length; j++) picked[i * columns.Length + j] = costs[rows[i] * width + columns[j]];
        }

        return picked;
    }

    private static int[] Positive(ReadOnlySpan<double> masses)
    {
        var positive = new List<int>();
        for (var i = 0; i < masses.Length; i++)
        {
            if (masses[i] > 0) positive.Add(i);
        }

        return [.. positive];
    }

    private static double[] Pick(ReadOnlySpan<double> masses, int[] indices)
    {
        var picked = new double[indices.Length];
        for (var k = 0; k < indices.Length; k++) picked[k] = masses[indices[k]];
        return picked;
    }
}
