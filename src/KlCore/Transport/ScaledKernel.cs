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

    /// <summary>Exponents up to this size are better summed as differences from 1.</summary>
    private const double Small = 0.1;

    private readonly double[] _p;
    private readonly double[] _q;
    private readonly double[] _logP;
    private readonly double[] _logQ;
    private readonly double[][] _cost;
    private readonly double[][] _kernel;
    private readonly double[] _f;
    private readonly double[] _g;
    private readonly double[] _u;
    private readonly double[] _v;
    private readonly double[] _exponents;

    public ScaledKernel(ReadOnlySpan<double> p, ReadOnlySpan<double> q, double[,] costs)
    {
        var (rows, columns) = (Positive(p), Positive(q));
        (_p, _q) = (Pick(p, rows), Pick(q, columns));
        (_logP, _logQ) = (Array.ConvertAll(_p, Math.Log), Array.ConvertAll(_q, Math.Log));
        (_f, _g, _u, _v) = (new double[rows.Length], new double[columns.Length], new double[rows.Length], new double[columns.Length]);
        _exponents = new double[Math.Max(rows.Length, columns.Length)];
        _cost = Array.ConvertAll(rows, i => Array.ConvertAll(columns, j => costs[i, j]));
        _kernel = Array.ConvertAll(rows, _ => new double[columns.Length]);
        LargestCost = _cost.Max(row => row.Max());
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
            for (var j = 0; j < Columns; j++) _kernel[i][j] = _q[j] * Math.Exp((_f[i] + _g[j] - _cost[i][j]) / epsilon);
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
        var columnSums = new double[Columns];
        for (var i = 0; i < Rows; i++)
        {
            var row = _kernel[i];
            var next = 1 / Dot(row, _v);
            error += _p[i] * Math.Abs(_u[i] / next - 1);
            _u[i] = next;
            safe &= IsSound(next);
            AddScaled(columnSums, row, _p[i] * next);
        }

        for (var j = 0; j < Columns; j++)
        {
            _v[j] = _q[j] / columnSums[j];
            safe &= IsSound(_v[j]);
        }

        IsSafe = safe && double.IsFinite(error);
        return IsSafe ? error : double.PositiveInfinity;
    }

    /// <summary>The same on the potentials, by log-sum-exp.</summary>
    public double IterateByLogarithms(double epsilon, CancellationToken cancellation)
    {
        var error = 0.0;
        for (var i = 0; i < Rows; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var costs = _cost[i];
            for (var j = 0; j < Columns; j++) _exponents[j] = (_g[j] - costs[j]) / epsilon;
            var next = -epsilon * LogMean(_q, _logQ, _exponents.AsSpan(0, Columns));
            error += _p[i] * Math.Abs(Elementary.Expm1((_f[i] - next) / epsilon));
            _f[i] = next;
        }

        for (var j = 0; j < Columns; j++)
        {
            for (var i = 0; i < Rows; i++) _exponents[i] = (_f[i] - _cost[i][j]) / epsilon;
            _g[j] = -epsilon * LogMean(_p, _logP, _exponents.AsSpan(0, Rows));
        }

        return error;
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
                var log = (_f[i] + _g[j] - _cost[i][j]) / epsilon;
                var product = _p[i] * _q[j];
                var plan = log < 1 ? product * Math.Exp(log) : Math.Exp(_logP[i] + _logQ[j] + log);
                row.Add(plan);
                columns[j].Add(plan);
                cost.Add(plan * _cost[i][j]);
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

    // Four sums, so that one addition need not wait for the other; always the same ones, so that results repeat.
    private static double Dot(double[] a, double[] b)
    {
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        var i = 0;
        for (; i + 4 <= a.Length; i += 4)
        {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }

        for (; i < a.Length; i++) s0 += a[i] * b[i];
        return s0 + s1 + (s2 + s3);
    }

    private static void AddScaled(double[] sums, double[] row, double factor)
    {
        for (var j = 0; j < row.Length; j++) sums[j] += factor * row[j];
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
