using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KlCore.Numerics;

namespace KlCore.Estimation.Distances;

/// <summary>A symmetric function of every two points of a sample: the rows below the diagonal.</summary>
internal sealed class PairTable
{
    private readonly double[][] _rows;
    private readonly double _same;

    public PairTable(DistanceRows distances, IPairFunction function, CancellationToken cancellation)
    {
        _same = function.Same;
        _rows = new double[distances.Count][];
        for (var i = 0; i < _rows.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            _rows[i] = new double[i];
            distances.Squares(i, _rows[i]);
            function.Replace(_rows[i]);
        }
    }

    /// <summary>The sums over pairs of points that occur so often in x and in y.</summary>
    public PairSums Sums(double[] x, double[] y)
    {
        CompensatedSum sumX = new(), sumY = new(), between = new();
        for (var i = 0; i < _rows.Length; i++)
        {
            if (x[i] == 0 && y[i] == 0) continue;
            var (rowX, rowY) = Dots(_rows[i], x, y);
            sumX.Add(x[i] * (2 * rowX + x[i] * _same));
            sumY.Add(y[i] * (2 * rowY + y[i] * _same));
            between.Add(x[i] * rowY + y[i] * rowX + x[i] * y[i] * _same);
        }

        return new(sumX.Value, sumY.Value, between.Value);
    }

    /// <summary>The sum of some numbers.</summary>
    public static double Sum(ReadOnlySpan<double> values)
    {
        var (sum, done) = Lanes512.IsSupported ? Sum<Lanes512>(values, 0) : Lanes256.IsSupported ? Sum<Lanes256>(values, 0) : (0, 0);
        return sum + Sum<Lanes64>(values, done).Sum;
    }

    /// <summary>Replaces every number by its root.</summary>
    public static void Roots(Span<double> values)
    {
        var done = Lanes512.IsSupported ? Roots<Lanes512>(values, 0) : Lanes256.IsSupported ? Roots<Lanes256>(values, 0) : 0;
        Roots<Lanes64>(values, done);
    }

    private static (double X, double Y) Dots(ReadOnlySpan<double> row, double[] x, double[] y)
    {
        var (a, b, done) = Lanes512.IsSupported ? Dots<Lanes512>(row, x, y, 0) : Lanes256.IsSupported ? Dots<Lanes256>(row, x, y, 0) : (0, 0, 0);
        var (c, d, _) = Dots<Lanes64>(row, x, y, done);
        return (a + c, b + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (double X, double Y, int Done) Dots<TLanes>(ReadOnlySpan<double> row, double[] x, double[] y, int start) where TLanes : struct, ILanes<TLanes>
    {
        ref var value = ref MemoryMarshal.GetReference(row);
        ref var weightX = ref MemoryMarshal.GetArrayDataReference(x);
        ref var weightY = ref MemoryMarshal.GetArrayDataReference(y);
        var (a, b) = (TLanes.All(0), TLanes.All(0));
        var (c, d) = (a, b);
        for (; start + 2 * TLanes.Count <= row.Length; start += 2 * TLanes.Count)
        {
            var (here, next) = ((nuint)start, (nuint)(start + TLanes.Count));
            var (first, second) = (TLanes.Load(ref value, here), TLanes.Load(ref value, next));
            a = TLanes.MultiplyAdd(first, TLanes.Load(ref weightX, here), a);
            b = TLanes.MultiplyAdd(first, TLanes.Load(ref weightY, here), b);
            c = TLanes.MultiplyAdd(second, TLanes.Load(ref weightX, next), c);
            d = TLanes.MultiplyAdd(second, TLanes.Load(ref weightY, next), d);
        }

        for (; start + TLanes.Count <= row.Length; start += TLanes.Count)
        {
            var first = TLanes.Load(ref value, (nuint)start);
            a = TLanes.MultiplyAdd(first, TLanes.Load(ref weightX, (nuint)start), a);
            b = TLanes.MultiplyAdd(first, TLanes.Load(ref weightY, (nuint)start), b);
        }

        return ((a + c).Sum(), (b + d).Sum(), start);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (double Sum, int Done) Sum<TLanes>(ReadOnlySpan<double> values, int start) where TLanes : struct, ILanes<TLanes>
    {
        ref var value = ref MemoryMarshal.GetReference(values);
        var sum = TLanes.All(0);
        for (; start + TLanes.Count <= values.Length; start += TLanes.Count) sum += TLanes.Load(ref value, (nuint)start);
        return (sum.Sum(), start);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Roots<TLanes>(Span<double> values, int start) where TLanes : struct, ILanes<TLanes>
    {
        ref var value = ref MemoryMarshal.GetReference(values);
        for (; start + TLanes.Count <= values.Length; start += TLanes.Count) TLanes.Sqrt(TLanes.Load(ref value, (nuint)start)).Store(ref value, (nuint)start);
        return start;
    }
}
