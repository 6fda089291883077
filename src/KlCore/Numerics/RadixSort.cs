using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KlCore.Numerics;

/// <summary>
/// Sorting of doubles in linear time: by digits of 11 bits from the last to the first, each pass stable, on bits that are in the order of the
/// numbers (of a negative number all are turned over, of another the sign alone). All digits are counted in one pass before, and a digit that
/// all numbers share costs nothing. NaN must not be among them; -0 counts as 0.
/// Source: D. Knuth, The Art of Computer Programming 3 (1998), section 5.2.5; M. Herf, Radix Tricks (2001).
/// </summary>
internal static class RadixSort
{
    private const int Bits = 11;
    private const int Digits = 6;
    private const int Buckets = 1 << Bits;

    /// <summary>Fewer numbers than the counters are sorted faster by comparing them.</summary>
    private const int Few = 1500;

    /// <summary>Puts the numbers into ascending order.</summary>
    public static void Sort(double[] values)
    {
        if (values.Length < Few)
        {
            for (var i = 0; i < values.Length; i++) values[i] += 0.0;
            Array.Sort(values);
            return;
        }

        var keys = MemoryMarshal.Cast<double, ulong>(values.AsSpan());
        var counts = new int[Digits * Buckets];
        ToKeys(keys, counts);
        var spare = GC.AllocateUninitializedArray<ulong>(keys.Length);
        var from = keys;
        var to = spare.AsSpan();
        for (var digit = 0; digit < Digits; digit++)
        {
            var starts = counts.AsSpan(digit * Buckets, Buckets);
            if (!Accumulate(starts, keys.Length)) continue;
            Scatter(ref MemoryMarshal.GetReference(from), ref MemoryMarshal.GetReference(to), keys.Length, ref MemoryMarshal.GetReference(starts), digit * Bits);
            var scattered = to;
            to = from;
            from = scattered;
        }

        FromKeys(from, keys);
    }

    /// <summary>The places of the numbers in ascending order; equal numbers stay in the order of their places.</summary>
    public static int[] Order(ReadOnlySpan<double> values)
    {
        var order = new int[values.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        var keys = new ulong[values.Length];
        values.CopyTo(MemoryMarshal.Cast<ulong, double>(keys.AsSpan()));
        var counts = new int[Digits * Buckets];
        ToKeys(keys, counts);
        if (values.Length < Few)
        {
            Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[a].CompareTo(keys[b]) : a.CompareTo(b));
            return order;
        }

        var (spareKeys, spareOrder) = (new ulong[keys.Length], new int[keys.Length]);
        for (var digit = 0; digit < Digits; digit++)
        {
            var starts = counts.AsSpan(digit * Buckets, Buckets);
            if (!Accumulate(starts, keys.Length)) continue;
            Scatter(keys, order, spareKeys, spareOrder, starts, digit * Bits);
            (keys, order, spareKeys, spareOrder) = (spareKeys, spareOrder, keys, order);
        }

        return order;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ToKeys(Span<ulong> keys, int[] counts)
    {
        ref var count = ref MemoryMarshal.GetArrayDataReference(counts);
        for (var i = 0; i < keys.Length; i++)
        {
            var bits = BitConverter.DoubleToInt64Bits(BitConverter.UInt64BitsToDouble(keys[i]) + 0.0);
            var key = (ulong)(bits ^ ((bits >> 63) | long.MinValue));
            keys[i] = key;
            Unsafe.Add(ref count, (int)key & (Buckets - 1))++;
            Unsafe.Add(ref count, Buckets + ((int)(key >> Bits) & (Buckets - 1)))++;
            Unsafe.Add(ref count, 2 * Buckets + ((int)(key >> (2 * Bits)) & (Buckets - 1)))++;
            Unsafe.Add(ref count, 3 * Buckets + ((int)(key >> (3 * Bits)) & (Buckets - 1)))++;
            Unsafe.Add(ref count, 4 * Buckets + ((int)(key >> (4 * Bits)) & (Buckets - 1)))++;
            Unsafe.Add(ref count, 5 * Buckets + (int)(key >> (5 * Bits)))++;
        }
    }

    private static void FromKeys(ReadOnlySpan<ulong> keys, Span<ulong> bits)
    {
        for (var i = 0; i < bits.Length; i++)
        {
            var key = (long)keys[i];
            bits[i] = (ulong)(key ^ ((~key >> 63) | long.MinValue));
        }
    }

    /// <summary>From how many there are of each digit to where they begin; false if there is one digit only.</summary>
    private static bool Accumulate(Span<int> counts, int total)
    {
        var start = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] == total) return false;
            (counts[i], start) = (start, start + counts[i]);
        }

        return true;
    }

    // Without bounds checks, which would take a third of the time: a digit is less than the number of buckets, and starts end at the length.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scatter(ref ulong from, ref ulong to, int length, ref int starts, int shift)
    {
        for (var i = 0; i < length; i++)
        {
            var key = Unsafe.Add(ref from, i);
            Unsafe.Add(ref to, Unsafe.Add(ref starts, (int)(key >> shift) & (Buckets - 1))++) = key;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scatter(ulong[] keys, int[] order, ulong[] toKeys, int[] toOrder, Span<int> starts, int shift)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            var key = keys[i];
            var place = starts[(int)(key >> shift) & (Buckets - 1)]++;
            (toKeys[place], toOrder[place]) = (key, order[i]);
        }
    }
}
