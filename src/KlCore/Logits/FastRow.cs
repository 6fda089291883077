using System.Runtime.CompilerServices;
using KlCore.Formats;
using KlCore.Numerics;

namespace KlCore.Logits;

/// <summary>
/// Two rows compared in floats, by the widest vectors that this machine has: where rows are not so short that doubles cost nothing to speak of,
/// and where no logit needs a double to be told. Rows of doubles that were floats once are taken as floats where that pays.
/// </summary>
internal static class FastRow
{
    /// <summary>Up to so many tokens doubles are worth it.</summary>
    public const int Short = 128;

    /// <summary>From so many tokens on doubles are looked at whether they are floats.</summary>
    public const int Long = 4096;

    /// <summary>Compares all but what is named after llama.cpp; false where it takes <see cref="CarefulRow"/>.</summary>
    public static bool TryCompare(LogitRow p, LogitRow q, RowOptions options, RowScratch scratch, ref Position position)
    {
        var count = Math.Min(p.Count, q.Count);
        if (count <= Short) return false;
        if (count >= Long && (!scratch.TryNarrowP(ref p) || !scratch.TryNarrowQ(ref q))) return false;
        if (FloatLanes512.IsSupported) return TryCompare<FloatLanes512>(p, q, options, scratch, ref position);
        return FloatLanes256.IsSupported
            ? TryCompare<FloatLanes256>(p, q, options, scratch, ref position)
            : TryCompare<FloatLanes32>(p, q, options, scratch, ref position);
    }

    /// <summary>The same by vectors of one's choice.</summary>
    public static bool TryCompare<T>(LogitRow p, LogitRow q, RowOptions options, RowScratch scratch, ref Position position)
        where T : struct, IFloatLanes<T>
    {
        if (!Scale.IsFor(options.Temperature)) return false;
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
        var scale = new Scale(1 / options.Temperature);
        var first = new FirstPass<T, TP, TQ>(rows, scale);
        if (!first.TryRun()) return false;
        (position.Forward, position.Reverse) = (first.Forward, first.Reverse);
        (position.TopP, position.TopQ) = (first.TopP, first.TopQ);
        var (sumOfP, sumOfQ) = (first.SumOfP, first.SumOfQ);
        (position.TopProbabilityP, position.TopProbabilityQ) = (Math.Min(1, 1 / sumOfP), Math.Min(1, 1 / sumOfQ));
        if (!options.IsOnlyDivergences && !new SecondPass<T, TP, TQ>(rows, first).TryRun(options, scratch, ref position)) return false;
        if (position.Target >= 0)
        {
            position.TargetLogP = Math.Min(0, ((double)rows.LogitOfP(position.Target) - first.LargestP) * scale.Whole - Math.Log(sumOfP));
            position.TargetLogQ = Math.Min(0, ((double)rows.LogitOfQ(position.Target) - first.LargestQ) * scale.Whole - Math.Log(sumOfQ));
        }

        return TryRemove<TP>(p, count, first.LargestP, scale, sumOfP, out position.RemovedP) && TryRemove<TQ>(q, count, first.LargestQ, scale, sumOfQ, out position.RemovedQ);
    }

    /// <summary>The mass beyond the tokens that are compared; false where a logit there is NaN or +Infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryRemove<TLoader>(LogitRow row, int count, float largest, Scale scale, double sum, out double removed) where TLoader : struct, ILoader
    {
        var beyond = 0.0;
        for (var i = count; i < row.Count; i++) beyond += Math.Exp(((double)TLoader.Load<FloatLanes32>(in row.Bytes[0], (nuint)i).Largest() - largest) * scale.Whole);
        removed = beyond / (sum + beyond);
        return double.IsFinite(removed);
    }
}
