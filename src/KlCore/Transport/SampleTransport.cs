using KlCore.Numerics;

namespace KlCore.Transport;

/// <summary>
/// W_k = (integral_0^1 |F^-1(u) - G^-1(u)|^k du)^(1/k) of two samples on a line, whose best coupling keeps the order. Steps of the two
/// quantile functions are compared as whole numbers, so nothing is lost where samples have unequal sizes.
/// Source: G. Peyré and M. Cuturi, Computational Optimal Transport (2019), section 2.6.
/// </summary>
internal static class SampleTransport
{
    /// <summary>As many terms are added before the sum takes up its error.</summary>
    private const int Block = 512;

    /// <summary>Differences of larger numbers could overflow.</summary>
    private const double Huge = 1e300;

    /// <summary>What huge numbers are multiplied with; a power of two with an even exponent, so that it has a root.</summary>
    private const double Shrink = 1.0 / (1UL << 62);

    /// <summary>W_k of two samples in any order, each of at least one number; both are sorted in place.</summary>
    public static double Distance(double[] x, double[] y, double order)
    {
        RadixSort.Sort(x);
        RadixSort.Sort(y);
        if (Math.Max(Math.Max(Math.Abs(x[0]), Math.Abs(x[^1])), Math.Max(Math.Abs(y[0]), Math.Abs(y[^1]))) <= Huge) return OfSorted(x, y, order);
        return OfSorted(Array.ConvertAll(x, value => value * Shrink), Array.ConvertAll(y, value => value * Shrink), order) / Shrink;
    }

    /// <summary>
    /// W_k from how often each of some ascending numbers occurs on either side; n and m are the sums of the counts.
    /// </summary>
    public static double OfCounts(double[] values, int[] x, int[] y, int n, int m, double order)
    {
        var steps = new CountSteps(values, x, y, n, m);
        return order == 1 ? First(values, x, y, n, m) : Combine(ref steps, order);
    }

    private static double OfSorted(double[] x, double[] y, double order)
    {
        if (x.Length == y.Length) return order == 1 ? MeanDifference(x, y) : Combine(x, y, order);
        var steps = new SortedSteps(x, y);
        return Combine(ref steps, order);
    }

    private static double MeanDifference(double[] x, double[] y)
    {
        var sum = new CompensatedSum();
        for (var start = 0; start < x.Length; start += Block)
        {
            double even = 0, odd = 0;
            var end = Math.Min(x.Length, start + Block);
            var i = start;
            for (; i + 1 < end; i += 2)
            {
                even += Math.Abs(x[i] - y[i]);
                odd += Math.Abs(x[i + 1] - y[i + 1]);
            }

            if (i < end) even += Math.Abs(x[i] - y[i]);
            sum.Add(even + odd);
        }

        return sum.Value / x.Length;
    }

    private static double Combine(double[] x, double[] y, double order)
    {
        var largest = 0.0;
        for (var i = 0; i < x.Length; i++) largest = Math.Max(largest, Math.Abs(x[i] - y[i]));
        if (largest == 0) return 0;
        var sum = new CompensatedSum();
        for (var i = 0; i < x.Length; i++) sum.Add(Power(Math.Abs(x[i] - y[i]) / largest, order));
        return largest * Root(sum.Value / x.Length, order);
    }

    /// <summary>In units of the largest difference, whose power then neither over- nor underflows.</summary>
    private static double Combine<TSteps>(ref TSteps steps, double order) where TSteps : struct, IQuantileSteps
    {
        var largest = 0.0;
        while (steps.Next(out var difference, out _)) largest = Math.Max(largest, difference);
        if (largest == 0) return 0;
        steps.Restart();
        var sum = new CompensatedSum();
        while (steps.Next(out var difference, out var mass)) sum.Add(mass * Power(difference / largest, order));
        return largest * Root(sum.Value / steps.Total, order);
    }

    /// <summary>integral |F - G|, whose terms cost no quantile.</summary>
    private static double First(double[] values, int[] x, int[] y, int n, int m)
    {
        var sum = new CompensatedSum();
        long below = 0;
        for (var k = 0; k + 1 < values.Length; k++)
        {
            below += (long)x[k] * m - (long)y[k] * n;
            if (below != 0) sum.Add(Math.Abs(below) * (values[k + 1] - values[k]));
        }

        return sum.Value / ((double)n * m);
    }

    private static double Power(double x, double order) => order == 2 ? x * x : order == 1 ? x : Math.Pow(x, order);

    private static double Root(double x, double order) => order == 2 ? Math.Sqrt(x) : order == 1 ? x : Math.Pow(x, 1 / order);

    /// <summary>The pieces of (0, 1) on which both quantile functions are constant.</summary>
    private interface IQuantileSteps
    {
        /// <summary>What the masses of all pieces add up to.</summary>
        double Total { get; }

        /// <summary>How far the quantiles are apart on the next piece, and how long it is; false if there is none.</summary>
        bool Next(out double difference, out double mass);

        /// <summary>Starts from the left again.</summary>
        void Restart();
    }

    private struct SortedSteps(double[] x, double[] y) : IQuantileSteps
    {
        private int _i, _j;
        private long _done;

        public readonly double Total => (double)x.Length * y.Length;

        public bool Next(out double difference, out double mass)
        {
            (difference, mass) = (0, 0);
            if (_i == x.Length || _j == y.Length) return false;
            var (endX, endY) = ((_i + 1L) * y.Length, (_j + 1L) * x.Length);
            var end = Math.Min(endX, endY);
            (difference, mass) = (Math.Abs(x[_i] - y[_j]), end - _done);
            _done = end;
            if (end == endX) _i++;
            if (end == endY) _j++;
            return true;
        }

        public void Restart() => (_i, _j, _done) = (0, 0, 0);
    }

    private struct CountSteps(double[] values, int[] x, int[] y, int n, int m) : IQuantileSteps
    {
        private int _i = -1, _j = -1;
        private long _leftX, _leftY;

        public readonly double Total => (double)n * m;

        public bool Next(out double difference, out double mass)
        {
            (difference, mass) = (0, 0);
            while (_leftX == 0 && ++_i < x.Length) _leftX = (long)x[_i] * m;
            while (_leftY == 0 && ++_j < y.Length) _leftY = (long)y[_j] * n;
            if (_i >= x.Length || _j >= y.Length) return false;
            var moved = Math.Min(_leftX, _leftY);
            (difference, mass) = (Math.Abs(values[_i] - values[_j]), moved);
            (_leftX, _leftY) = (_leftX - moved, _leftY - moved);
            return true;
        }

        public void Restart() => (_i, _j, _leftX, _leftY) = (-1, -1, 0, 0);
    }
}
