using System.Runtime.CompilerServices;
using KlCore.Formats;
using KlCore.Numerics;

namespace KlCore.Logits;

/// <summary>Two rows compared in floats, by the widest vectors that this machine has: where no logit is a double and the temperature is 1.</summary>
internal static class FastRow
{
    /// <summary>Compares all but what is named after llama.cpp; false where it takes <see cref="CarefulRow"/>.</summary>
    public static bool TryCompare(LogitRow p, LogitRow q, RowOptions options, RowScratch scratch, ref Position position)
    {
        if (FloatLanes512.IsSupported) return TryCompare<FloatLanes512>(p, q, options, scratch, ref position);
        return FloatLanes256.IsSupported
            ? TryCompare<FloatLanes256>(p, q, options, scratch, ref position)
            : TryCompare<FloatLanes32>(p, q, options, scratch, ref position);
    }

    /// <summary>The same by vectors of one's choice.</summary>
    public static bool TryCompare<T>(LogitRow p, LogitRow q, RowOptions options, RowScratch scratch, ref Position position)
        where T : struct, IFloatLanes<T>
    {
        if (options.Temperature != 1) return false;
        return p.Element switch
        {
            ElementType.F32 => TryCompare<T, SingleLoader>(p, q, options, scratch, ref position),
            ElementType.F16 => TryCompare<T, HalfLoader>(p, q, options, scratch, ref position),
            ElementType.Bf16 => TryCompare<T, UpperHalfLoader>(p, q, options, scratch, ref position),
            _ => false,
        };
    }

    private static bool TryCompare<T, TP>(LogitRow p, LogitRow q, RowOptions options, RowScratch scratch, ref Position position)
        where T : struct, IFloatLanes<T>
        where TP : struct, ILoader => q.Element switch
        {
            ElementType.F32 => TryCompare<T, TP, SingleLoader>(p, q, options, scratch, ref position),
            ElementType.F16 => TryCompare<T, TP, HalfLoader>(p, q, options, scratch, ref position),
            ElementType.Bf16 => TryCompare<T, TP, UpperHalfLoader>(p, q, options, scratch, ref position),
            _ => false,
        };

    private static bool TryCompare<T, TP, TQ>(LogitRow p, LogitRow q, RowOptions options, RowScratch scratch, ref Position position)
        where T : struct, IFloatLanes<T>
        where TP : struct, ILoader
        where TQ : struct, ILoader
    {
        var count = Math.Min(p.Count, q.Count);
        var rows = new FloatPair<T, TP, TQ>(p, q, count, stackalloc byte[2 * Tail.Size]);
        var first = new FirstPass<T, TP, TQ>(rows);
        if (!first.TryRun()) return false;
        (position.Forward, position.Reverse) = (first.Forward, first.Reverse);
        (position.TopP, position.TopQ) = (first.TopP, first.TopQ);
        var (sumOfP, sumOfQ) = (first.SumOfP, first.SumOfQ);
        (position.TopProbabilityP, position.TopProbabilityQ) = (Math.Min(1, 1 / sumOfP), Math.Min(1, 1 / sumOfQ));
        if (!options.IsOnlyDivergences && !new SecondPass<T, TP, TQ>(rows, first).TryRun(options, scratch, ref position)) return false;
        if (position.Target >= 0)
        {
            position.TargetLogP = Math.Min(0, (double)rows.LogitOfP(position.Target) - first.LargestP - Math.Log(sumOfP));
            position.TargetLogQ = Math.Min(0, (double)rows.LogitOfQ(position.Target) - first.LargestQ - Math.Log(sumOfQ));
        }

        return TryRemove<TP>(p, count, first.LargestP, sumOfP, out position.RemovedP) && TryRemove<TQ>(q, count, first.LargestQ, sumOfQ, out position.RemovedQ);
    }

    /// <summary>The mass beyond the tokens that are compared; false where a logit there is NaN or +Infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryRemove<TLoader>(LogitRow row, int count, float largest, double sum, out double removed) where TLoader : struct, ILoader
    {
        var beyond = 0.0;
        for (var i = count; i < row.Count; i++) beyond += Math.Exp((double)TLoader.Load<FloatLanes32>(in row.Bytes[0], (nuint)i).Largest() - largest);
        removed = beyond / (sum + beyond);
        return double.IsFinite(removed);
    }
}
