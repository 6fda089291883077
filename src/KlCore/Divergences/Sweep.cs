using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KlCore.Numerics;

namespace KlCore.Divergences;

/// <summary>
/// The sums behind the measures that are asked for most, found in one sweep over a pair since they share their logarithms. Pairs with
/// probabilities too small for a double are swept one category at a time instead.
/// </summary>
/// <param name="Forward">Sum of p ln(p/q) - p + q.</param>
/// <param name="Reverse">Sum of q ln(q/p) - q + p.</param>
/// <param name="Topsoe">Sum of p ln(p/m) + q ln(q/m), m = (p+q)/2.</param>
/// <param name="Absolute">Sum of |p - q|.</param>
/// <param name="Roots">Sum of (sqrt p - sqrt q)^2.</param>
internal sealed record Sweep(double Forward, double Reverse, double Topsoe, double Absolute, double Roots)
{
    private const int Block = 512;
    private const int Widest = 8;

    /// <summary>The sums of a pair.</summary>
    public static Sweep Of(Pair pair)
    {
        if (pair.HasExtremes) return OfCells(pair);
        if (Lanes512.IsSupported) return Of<Lanes512>(pair.P, pair.Q, pair.Difference);
        return Lanes256.IsSupported ? Of<Lanes256>(pair.P, pair.Q, pair.Difference) : Of<Lanes64>(pair.P, pair.Q, pair.Difference);
    }

    /// <summary>The sums over arrays whose numbers are 0 or at least <see cref="Cell.Tiny"/>.</summary>
    public static Sweep Of<TLanes>(ReadOnlySpan<double> p, ReadOnlySpan<double> q, ReadOnlySpan<double> difference)
        where TLanes : struct, ILanes<TLanes>
    {
        var totals = new Totals();
        var length = p.Length - p.Length % TLanes.Count;
        for (var start = 0; start < length; start += Block)
        {
            var count = Math.Min(Block, length - start);
            AddBlock<TLanes>(p.Slice(start, count), q.Slice(start, count), difference.Slice(start, count), ref totals);
        }

        if (length < p.Length)
        {
            Span<double> last = stackalloc double[3 * Widest];
            last.Clear();
            p[length..].CopyTo(last);
            q[length..].CopyTo(last[Widest..]);
            difference[length..].CopyTo(last[(2 * Widest)..]);
            AddBlock<TLanes>(last[..TLanes.Count], last.Slice(Widest, TLanes.Count), last.Slice(2 * Widest, TLanes.Count), ref totals);
        }

        return new(totals.Forward.Value, totals.Reverse.Value, totals.Topsoe.Value, totals.Absolute.Value, totals.Roots.Value);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddBlock<TLanes>(ReadOnlySpan<double> ps, ReadOnlySpan<double> qs, ReadOnlySpan<double> differences, ref Totals totals)
        where TLanes : struct, ILanes<TLanes>
    {
        ref readonly var firstP = ref MemoryMarshal.GetReference(ps);
        ref readonly var firstQ = ref MemoryMarshal.GetReference(qs);
        ref readonly var firstDifference = ref MemoryMarshal.GetReference(differences);
        TLanes forward = TLanes.All(0), reverse = forward, topsoe = forward, absolute = forward, roots = forward;
        for (nuint i = 0; i < (nuint)ps.Length; i += (nuint)TLanes.Count)
        {
            TLanes p = TLanes.Load(in firstP, i), q = TLanes.Load(in firstQ, i), difference = TLanes.Load(in firstDifference, i);
            var log = new LogQuotient<TLanes>(p, q, difference);
            forward += ForwardKernel.Of(p, q, difference, log);
            reverse += ForwardKernel.Of(q, p, -difference, log.Reversed);
            topsoe += TopsoeKernel.Of(p, q, log);
            absolute += TLanes.Abs(difference);
            roots += HellingerKernel.Of(p, q, difference);
        }

        totals.Forward.Add(forward.Sum());
        totals.Reverse.Add(reverse.Sum());
        totals.Topsoe.Add(topsoe.Sum());
        totals.Absolute.Add(absolute.Sum());
        totals.Roots.Add(roots.Sum());
    }

    private static Sweep OfCells(Pair pair)
    {
        var totals = new Totals();
        for (var i = 0; i < pair.Count; i++)
        {
            var cell = pair[i];
            totals.Forward.Add(cell.KullbackLeibler);
            totals.Reverse.Add(cell.Reversed.KullbackLeibler);
            totals.Topsoe.Add(cell.TowardsMixture(0.5, 0.5) + cell.Reversed.TowardsMixture(0.5, 0.5));
            totals.Absolute.Add(Math.Abs(cell.Difference));
            totals.Roots.Add(cell.SquaredRootDifference);
        }

        return new(totals.Forward.Value, totals.Reverse.Value, totals.Topsoe.Value, totals.Absolute.Value, totals.Roots.Value);
    }

    private struct Totals
    {
        public CompensatedSum Forward;
        public CompensatedSum Reverse;
        public CompensatedSum Topsoe;
        public CompensatedSum Absolute;
        public CompensatedSum Roots;
    }
}
