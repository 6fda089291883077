using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KlCore.Numerics;

/// <summary>
/// The loop over two arrays and what is summed over them. Blocks of 512 are summed in the lanes and added up with compensation, in their
/// order, so that the result depends on the width alone. Allocates nothing.
/// </summary>
internal static class Fold
{
    private const int Block = 512;
    private const int Widest = 8;

    /// <summary>The sum of the kernel's terms over p and q, by the widest lanes that this machine has.</summary>
    public static double Sum<TKernel>(ReadOnlySpan<double> p, ReadOnlySpan<double> q) where TKernel : struct, IKernel
    {
        if (Lanes512.IsSupported) return Sum<TKernel, Lanes512>(p, q);
        return Lanes256.IsSupported ? Sum<TKernel, Lanes256>(p, q) : Sum<TKernel, Lanes64>(p, q);
    }

    /// <summary>The same by lanes of one's choice.</summary>
    public static double Sum<TKernel, TLanes>(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
        where TKernel : struct, IKernel
        where TLanes : struct, ILanes<TLanes>
    {
        var total = new CompensatedSum();
        var length = p.Length - p.Length % TLanes.Count;
        for (var start = 0; start < length; start += Block)
        {
            var count = Math.Min(Block, length - start);
            total.Add(SumSafely<TKernel, TLanes>(p.Slice(start, count), q.Slice(start, count)));
        }

        if (length == p.Length) return total.Value;
        Span<double> lastP = stackalloc double[Widest], lastQ = stackalloc double[Widest];
        lastP.Clear();
        lastQ.Clear();
        p[length..].CopyTo(lastP);
        q[length..].CopyTo(lastQ);
        total.Add(SumSafely<TKernel, TLanes>(lastP[..TLanes.Count], lastQ[..TLanes.Count]));
        return total.Value;
    }

    /// <summary>
    /// Wide lanes say NaN or infinite of numbers below 1e-290; the portable path takes all whose sum p + q is finite.
    /// </summary>
    private static double SumSafely<TKernel, TLanes>(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
        where TKernel : struct, IKernel
        where TLanes : struct, ILanes<TLanes>
    {
        var sum = SumBlock<TKernel, TLanes>(p, q);
        return double.IsFinite(sum) ? sum : SumBlock<TKernel, Lanes64>(p, q);
    }

    /// <summary>A whole number of lanes. Two sums run side by side, so that one need not wait for the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double SumBlock<TKernel, TLanes>(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
        where TKernel : struct, IKernel
        where TLanes : struct, ILanes<TLanes>
    {
        ref readonly var firstP = ref MemoryMarshal.GetReference(p);
        ref readonly var firstQ = ref MemoryMarshal.GetReference(q);
        var (even, odd) = (TLanes.All(0), TLanes.All(0));
        nuint i = 0, width = (nuint)TLanes.Count, end = (nuint)p.Length;
        for (; i + 2 * width <= end; i += 2 * width)
        {
            TLanes p0 = TLanes.Load(in firstP, i), q0 = TLanes.Load(in firstQ, i);
            TLanes p1 = TLanes.Load(in firstP, i + width), q1 = TLanes.Load(in firstQ, i + width);
            even += TKernel.Of(p0, q0, q0 - p0);
            odd += TKernel.Of(p1, q1, q1 - p1);
        }

        if (i < end)
        {
            TLanes p0 = TLanes.Load(in firstP, i), q0 = TLanes.Load(in firstQ, i);
            even += TKernel.Of(p0, q0, q0 - p0);
        }

        return (even + odd).Sum();
    }
}
