using System.Runtime.CompilerServices;
using KlCore.Numerics;

namespace KlCore.Logits;

/// <summary>Looks for logits in a row, a vector at a time.</summary>
internal static class Search
{
    /// <summary>The first token from a start on with that logit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int First<T, TLoader>(ref readonly byte row, int start, int end, float logit)
        where T : struct, IFloatLanes<T>
        where TLoader : struct, ILoader
    {
        var (token, wanted) = (start, T.All(logit));
        while (token + T.Count <= end && !T.IsAny(T.Equal(TLoader.Load<T>(in row, (nuint)token), wanted))) token += T.Count;
        while (token < end && One<TLoader>(in row, token) != logit) token++;
        return token;
    }

    /// <summary>How many tokens have that logit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Count<T, TLoader>(ref readonly byte row, int start, int end, float logit)
        where T : struct, IFloatLanes<T>
        where TLoader : struct, ILoader
    {
        var (count, token, above, below) = (0, start, T.All(logit), T.All(MathF.BitDecrement(logit)));
        // Nothing is below -Infinity: such rows are rare, and counted one by one.
        for (; !float.IsNegativeInfinity(logit) && token + T.Count <= end; token += T.Count)
        {
            var logits = TLoader.Load<T>(in row, (nuint)token);
            count += T.CountLess(below, logits) - T.CountLess(above, logits);
        }

        for (; token < end; token++)
            if (One<TLoader>(in row, token) == logit) count++;
        return count;
    }

    /// <summary>Makes a list of the largest logits of a row's first tokens.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Largest<T, TLoader>(ref readonly byte row, int count, TopList list)
        where T : struct, IFloatLanes<T>
        where TLoader : struct, ILoader
    {
        list.Clear();
        // While there is room all enter, also -Infinity.
        var token = 0;
        for (; token < Math.Min(list.Capacity, count); token++) list.Offer(One<TLoader>(in row, token), token);
        for (var least = T.All((float)list.Least); token + T.Count <= count; token += T.Count)
        {
            if (!T.IsAnyLess(least, TLoader.Load<T>(in row, (nuint)token))) continue;
            for (var i = token; i < token + T.Count; i++) list.Offer(One<TLoader>(in row, i), i);
            least = T.All((float)list.Least);
        }

        for (; token < count; token++) list.Offer(One<TLoader>(in row, token), token);
        list.Sort();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float One<TLoader>(ref readonly byte row, int token) where TLoader : struct, ILoader =>
        TLoader.Load<FloatLanes32>(in row, (nuint)token).Largest();
}
