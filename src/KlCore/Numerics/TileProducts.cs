using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KlCore.Numerics;

/// <summary>Sixteen dot products at once: four rows of one matrix with four rows of another.</summary>
internal static class TileProducts
{
    /// <summary>Rows of each operand.</summary>
    public const int Size = 4;

    /// <summary>
    /// products[4 r + c] = the sum over k of A_(i+r)k B_(j+c)k. The range of k is widened to multiples of eight; there one of the operands
    /// must hold zeros.
    /// </summary>
    public static void Of(double[] a, int firstA, double[] b, int firstB, int stride, int from, int to, Span<double> products)
    {
        ref var rowsA = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(a), firstA);
        ref var rowsB = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(b), firstB);
        var (start, end) = ((nuint)(from & ~7), (nuint)((to + 7) & ~7));
        if (Lanes512.IsSupported) Sum<Lanes512>(ref rowsA, ref rowsB, (nuint)stride, start, end, products);
        else if (Lanes256.IsSupported) Sum<Lanes256>(ref rowsA, ref rowsB, (nuint)stride, start, end, products);
        else Sum<Lanes64>(ref rowsA, ref rowsB, (nuint)stride, start, end, products);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum<TLanes>(ref double a, ref double b, nuint stride, nuint from, nuint to, Span<double> products)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes s00 = TLanes.All(0), s01 = s00, s02 = s00, s03 = s00, s10 = s00, s11 = s00, s12 = s00, s13 = s00;
        TLanes s20 = s00, s21 = s00, s22 = s00, s23 = s00, s30 = s00, s31 = s00, s32 = s00, s33 = s00;
        for (var k = from; k < to; k += (nuint)TLanes.Count)
        {
            TLanes b0 = TLanes.Load(in b, k), b1 = TLanes.Load(in b, k + stride), b2 = TLanes.Load(in b, k + 2 * stride), b3 = TLanes.Load(in b, k + 3 * stride);
            var row = TLanes.Load(in a, k);
            (s00, s01) = (TLanes.MultiplyAdd(row, b0, s00), TLanes.MultiplyAdd(row, b1, s01));
            (s02, s03) = (TLanes.MultiplyAdd(row, b2, s02), TLanes.MultiplyAdd(row, b3, s03));
            row = TLanes.Load(in a, k + stride);
            (s10, s11) = (TLanes.MultiplyAdd(row, b0, s10), TLanes.MultiplyAdd(row, b1, s11));
            (s12, s13) = (TLanes.MultiplyAdd(row, b2, s12), TLanes.MultiplyAdd(row, b3, s13));
            row = TLanes.Load(in a, k + 2 * stride);
            (s20, s21) = (TLanes.MultiplyAdd(row, b0, s20), TLanes.MultiplyAdd(row, b1, s21));
            (s22, s23) = (TLanes.MultiplyAdd(row, b2, s22), TLanes.MultiplyAdd(row, b3, s23));
            row = TLanes.Load(in a, k + 3 * stride);
            (s30, s31) = (TLanes.MultiplyAdd(row, b0, s30), TLanes.MultiplyAdd(row, b1, s31));
            (s32, s33) = (TLanes.MultiplyAdd(row, b2, s32), TLanes.MultiplyAdd(row, b3, s33));
        }

        (products[0], products[1], products[2], products[3]) = (s00.Sum(), s01.Sum(), s02.Sum(), s03.Sum());
        (products[4], products[5], products[6], products[7]) = (s10.Sum(), s11.Sum(), s12.Sum(), s13.Sum());
        (products[8], products[9], products[10], products[11]) = (s20.Sum(), s21.Sum(), s22.Sum(), s23.Sum());
        (products[12], products[13], products[14], products[15]) = (s30.Sum(), s31.Sum(), s32.Sum(), s33.Sum());
    }
}

/// <summary>Sums over one or two rows of equal length.</summary>
internal static class Rows
{
    /// <summary>The sum of a_k b_k.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        if (Lanes512.IsSupported) return Dot<Lanes512>(a, b);
        return Lanes256.IsSupported ? Dot<Lanes256>(a, b) : Dot<Lanes64>(a, b);
    }

    /// <summary>Whether there is neither NaN nor an infinity.</summary>
    public static bool AreFinite(ReadOnlySpan<double> x)
    {
        if (Lanes512.IsSupported) return AreFinite<Lanes512>(x);
        return Lanes256.IsSupported ? AreFinite<Lanes256>(x) : AreFinite<Lanes64>(x);
    }

    /// <summary>y += factor x.</summary>
    public static void AddMultiple(ReadOnlySpan<double> x, double factor, Span<double> y)
    {
        if (Lanes512.IsSupported) AddMultiple<Lanes512>(x, factor, y);
        else if (Lanes256.IsSupported) AddMultiple<Lanes256>(x, factor, y);
        else AddMultiple<Lanes64>(x, factor, y);
    }

    private static double Dot<TLanes>(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
        where TLanes : struct, ILanes<TLanes>
    {
        ref readonly var firstA = ref MemoryMarshal.GetReference(a);
        ref readonly var firstB = ref MemoryMarshal.GetReference(b);
        var (even, odd) = (TLanes.All(0), TLanes.All(0));
        nuint k = 0, width = (nuint)TLanes.Count, end = (nuint)a.Length;
        for (; k + 2 * width <= end; k += 2 * width)
        {
            even = TLanes.MultiplyAdd(TLanes.Load(in firstA, k), TLanes.Load(in firstB, k), even);
            odd = TLanes.MultiplyAdd(TLanes.Load(in firstA, k + width), TLanes.Load(in firstB, k + width), odd);
        }

        var sum = (even + odd).Sum();
        for (var rest = (int)k; rest < a.Length; rest++) sum += a[rest] * b[rest];
        return sum;
    }

    // x - x is 0 for a number and NaN for all else.
    private static bool AreFinite<TLanes>(ReadOnlySpan<double> x)
        where TLanes : struct, ILanes<TLanes>
    {
        ref readonly var first = ref MemoryMarshal.GetReference(x);
        var sum = TLanes.All(0);
        nuint k = 0, width = (nuint)TLanes.Count, end = (nuint)x.Length;
        for (; k + width <= end; k += width)
        {
            var value = TLanes.Load(in first, k);
            sum += value - value;
        }

        var rest = sum.Sum();
        for (var last = (int)k; last < x.Length; last++) rest += x[last] - x[last];
        return rest == 0;
    }

    private static void AddMultiple<TLanes>(ReadOnlySpan<double> x, double factor, Span<double> y)
        where TLanes : struct, ILanes<TLanes>
    {
        ref readonly var firstX = ref MemoryMarshal.GetReference(x);
        ref var firstY = ref MemoryMarshal.GetReference(y);
        var all = TLanes.All(factor);
        nuint k = 0, width = (nuint)TLanes.Count, end = (nuint)x.Length;
        for (; k + width <= end; k += width) TLanes.MultiplyAdd(TLanes.Load(in firstX, k), all, TLanes.Load(in firstY, k)).Store(ref firstY, k);
        for (var rest = (int)k; rest < x.Length; rest++) y[rest] += x[rest] * factor;
    }
}
