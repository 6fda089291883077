using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KlCore.Numerics;

/// <summary>The two passes over a row that iterations on a matrix are made of, by the widest lanes that this machine has.</summary>
internal static class Sweeps
{
    /// <summary>sum a b.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var (sum, done) = Lanes512.IsSupported ? Dot<Lanes512>(a, b) : Lanes256.IsSupported ? Dot<Lanes256>(a, b) : Dot<Lanes64>(a, b);
        for (; done < a.Length; done++) sum += a[done] * b[done];
        return sum;
    }

    /// <summary>Adds a multiple of a row to sums.</summary>
    public static void AddScaled(Span<double> sums, ReadOnlySpan<double> row, double factor)
    {
        var done = Lanes512.IsSupported ? AddScaled<Lanes512>(sums, row, factor) : Lanes256.IsSupported ? AddScaled<Lanes256>(sums, row, factor) : 0;
        for (; done < row.Length; done++) sums[done] += factor * row[done];
    }

    /// <summary>row = (f + g - c) scale; answers the largest.</summary>
    public static double Exponents(Span<double> row, double f, ReadOnlySpan<double> g, ReadOnlySpan<double> costs, double scale)
    {
        var (largest, done) = Lanes512.IsSupported ? Exponents<Lanes512>(row, f, g, costs, scale) : Lanes256.IsSupported ? Exponents<Lanes256>(row, f, g, costs, scale) : (double.NegativeInfinity, 0);
        for (; done < row.Length; done++)
        {
            row[done] = (f + g[done] - costs[done]) * scale;
            largest = Math.Max(largest, row[done]);
        }

        return largest;
    }

    /// <summary>Multiplies each number by another.</summary>
    public static void Multiply(Span<double> row, ReadOnlySpan<double> factors)
    {
        for (var i = 0; i < row.Length; i++) row[i] *= factors[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (double Largest, int Done) Exponents<TLanes>(Span<double> row, double f, ReadOnlySpan<double> g, ReadOnlySpan<double> costs, double scale) where TLanes : struct, ILanes<TLanes>
    {
        ref var value = ref MemoryMarshal.GetReference(row);
        ref var potential = ref MemoryMarshal.GetReference(g);
        ref var cost = ref MemoryMarshal.GetReference(costs);
        var (all, scales, most, start) = (TLanes.All(f), TLanes.All(scale), TLanes.All(double.NegativeInfinity), 0);
        for (; start + TLanes.Count <= row.Length; start += TLanes.Count)
        {
            var exponent = (all + TLanes.Load(ref potential, (nuint)start) - TLanes.Load(ref cost, (nuint)start)) * scales;
            exponent.Store(ref value, (nuint)start);
            most = TLanes.Select(TLanes.AtMost(most, exponent), exponent, most);
        }

        Span<double> lanes = stackalloc double[TLanes.Count];
        most.Store(ref MemoryMarshal.GetReference(lanes), 0);
        var largest = lanes[0];
        for (var i = 1; i < lanes.Length; i++) largest = Math.Max(largest, lanes[i]);
        return (largest, start);
    }

    // Four sums, so that one addition need not wait for the other; always the same ones, so that results repeat.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (double Sum, int Done) Dot<TLanes>(ReadOnlySpan<double> a, ReadOnlySpan<double> b) where TLanes : struct, ILanes<TLanes>
    {
        ref var x = ref MemoryMarshal.GetReference(a);
        ref var y = ref MemoryMarshal.GetReference(b);
        TLanes s0 = TLanes.All(0), s1 = s0, s2 = s0, s3 = s0;
        var (start, width) = (0, TLanes.Count);
        for (; start + 4 * width <= a.Length; start += 4 * width)
        {
            s0 = TLanes.MultiplyAdd(TLanes.Load(ref x, (nuint)start), TLanes.Load(ref y, (nuint)start), s0);
            s1 = TLanes.MultiplyAdd(TLanes.Load(ref x, (nuint)(start + width)), TLanes.Load(ref y, (nuint)(start + width)), s1);
            s2 = TLanes.MultiplyAdd(TLanes.Load(ref x, (nuint)(start + 2 * width)), TLanes.Load(ref y, (nuint)(start + 2 * width)), s2);
            s3 = TLanes.MultiplyAdd(TLanes.Load(ref x, (nuint)(start + 3 * width)), TLanes.Load(ref y, (nuint)(start + 3 * width)), s3);
        }

        for (; start + width <= a.Length; start += width) s0 = TLanes.MultiplyAdd(TLanes.Load(ref x, (nuint)start), TLanes.Load(ref y, (nuint)start), s0);
        return ((s0 + s1 + (s2 + s3)).Sum(), start);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int AddScaled<TLanes>(Span<double> sums, ReadOnlySpan<double> row, double factor) where TLanes : struct, ILanes<TLanes>
    {
        ref var sum = ref MemoryMarshal.GetReference(sums);
        ref var value = ref MemoryMarshal.GetReference(row);
        var (start, width, all) = (0, TLanes.Count, TLanes.All(factor));
        for (; start + 2 * width <= row.Length; start += 2 * width)
        {
            var (here, next) = ((nuint)start, (nuint)(start + width));
            var first = TLanes.MultiplyAdd(all, TLanes.Load(ref value, here), TLanes.Load(ref sum, here));
            var second = TLanes.MultiplyAdd(all, TLanes.Load(ref value, next), TLanes.Load(ref sum, next));
            first.Store(ref sum, here);
            second.Store(ref sum, next);
        }

        for (; start + width <= row.Length; start += width)
            TLanes.MultiplyAdd(all, TLanes.Load(ref value, (nuint)start), TLanes.Load(ref sum, (nuint)start)).Store(ref sum, (nuint)start);
        return start;
    }
}
