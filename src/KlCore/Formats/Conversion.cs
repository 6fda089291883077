using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace KlCore.Formats;

/// <summary>
/// Turns logits of one type into another: each becomes the nearest number of the new type, ties to even, rounded once. Infinities and NaN stay
/// what they are. What is too low for the new type becomes -Infinity, which as a logit means the same: no probability that could be seen.
/// What is too high has no such reading and is told to the caller.
/// </summary>
public static class Conversion
{
    /// <summary>Converts whole numbers from bytes to bytes, least significant first.</summary>
    /// <param name="source">Numbers of type <paramref name="from"/>.</param>
    /// <param name="from">The type they have.</param>
    /// <param name="destination">Room for as many of type <paramref name="to"/>.</param>
    /// <param name="to">The type they get.</param>
    /// <returns>The index of the first number that is finite but too high for the new type, or -1.</returns>
    public static int Convert(ReadOnlySpan<byte> source, ElementType from, Span<byte> destination, ElementType to)
    {
        if (from == to)
        {
            source.CopyTo(destination);
            return -1;
        }
        return to switch
        {
            ElementType.F64 => ToDoubles(source, from, MemoryMarshal.Cast<byte, double>(destination)),
            ElementType.F32 => ToSingles(source, from, MemoryMarshal.Cast<byte, float>(destination)),
            ElementType.F16 => ToHalves(source, from, MemoryMarshal.Cast<byte, Half>(destination)),
            _ => ToUpperHalves(source, from, MemoryMarshal.Cast<byte, ushort>(destination)),
        };
    }

    /// <summary>Converts to 64 bits, which holds every other type exactly.</summary>
    private static int ToDoubles(ReadOnlySpan<byte> source, ElementType from, Span<double> to)
    {
        switch (from)
        {
            case ElementType.F32:
                var singles = MemoryMarshal.Cast<byte, float>(source);
                for (var i = 0; i < singles.Length; i++) to[i] = singles[i];
                break;
            case ElementType.F16:
                var halves = MemoryMarshal.Cast<byte, Half>(source);
                for (var i = 0; i < halves.Length; i++) to[i] = (double)halves[i];
                break;
            default:
                var bits = MemoryMarshal.Cast<byte, ushort>(source);
                for (var i = 0; i < bits.Length; i++) to[i] = BitConverter.UInt32BitsToSingle((uint)bits[i] << 16);
                break;
        }
        return -1;
    }

    private static int ToSingles(ReadOnlySpan<byte> source, ElementType from, Span<float> to)
    {
        var high = -1;
        switch (from)
        {
            case ElementType.F64:
                var doubles = MemoryMarshal.Cast<byte, double>(source);
                for (var i = 0; i < doubles.Length; i++)
                {
                    to[i] = (float)doubles[i];
                    if (high < 0 && float.IsPositiveInfinity(to[i]) && double.IsFinite(doubles[i])) high = i;
                }
                break;
            case ElementType.F16:
                var halves = MemoryMarshal.Cast<byte, Half>(source);
                for (var i = 0; i < halves.Length; i++) to[i] = (float)halves[i];
                break;
            default:
                Widen(MemoryMarshal.Cast<byte, ushort>(source), MemoryMarshal.Cast<float, uint>(to));
                break;
        }
        return high;
    }

    private static int ToHalves(ReadOnlySpan<byte> source, ElementType from, Span<Half> to)
    {
        var high = -1;
        switch (from)
        {
            case ElementType.F64:
                var doubles = MemoryMarshal.Cast<byte, double>(source);
                for (var i = 0; i < doubles.Length; i++)
                {
                    to[i] = (Half)doubles[i];
                    if (high < 0 && Half.IsPositiveInfinity(to[i]) && double.IsFinite(doubles[i])) high = i;
                }
                break;
            case ElementType.F32:
                var singles = MemoryMarshal.Cast<byte, float>(source);
                for (var i = 0; i < singles.Length; i++) to[i] = Narrow(singles[i], i, ref high);
                break;
            default:
                var bits = MemoryMarshal.Cast<byte, ushort>(source);
                for (var i = 0; i < bits.Length; i++) to[i] = Narrow(BitConverter.UInt32BitsToSingle((uint)bits[i] << 16), i, ref high);
                break;
        }
        return high;
    }

    private static int ToUpperHalves(ReadOnlySpan<byte> source, ElementType from, Span<ushort> to)
    {
        var high = -1;
        switch (from)
        {
            case ElementType.F64:
                var doubles = MemoryMarshal.Cast<byte, double>(source);
                for (var i = 0; i < doubles.Length; i++)
                {
                    to[i] = UpperHalf(OddSingle(doubles[i]));
                    if (high < 0 && to[i] == 0x7F80 && double.IsFinite(doubles[i])) high = i;
                }
                break;
            case ElementType.F32:
                var singles = MemoryMarshal.Cast<byte, float>(source);
                for (var i = 0; i < singles.Length; i++)
                {
                    to[i] = UpperHalf(BitConverter.SingleToUInt32Bits(singles[i]));
                    if (high < 0 && to[i] == 0x7F80 && float.IsFinite(singles[i])) high = i;
                }
                break;
            default:
                var halves = MemoryMarshal.Cast<byte, Half>(source);
                for (var i = 0; i < halves.Length; i++) to[i] = UpperHalf(BitConverter.SingleToUInt32Bits((float)halves[i]));
                break;
        }
        return high;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Half Narrow(float value, int index, ref int high)
    {
        var half = (Half)value;
        if (high < 0 && Half.IsPositiveInfinity(half) && float.IsFinite(value)) high = index;
        return half;
    }

    /// <summary>The nearest number with 8 significant bits, ties to even: half a unit is added unless the last bit is even and no more follows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort UpperHalf(uint single)
    {
        // The carry would turn some NaN into infinities or numbers: a NaN keeps its upper bits, with the one that says it is quiet.
        if ((single & 0x7FFFFFFF) > 0x7F800000) return (ushort)((single >> 16) | 0x40);
        return (ushort)((single + 0x7FFF + ((single >> 16) & 1)) >> 16);
    }

    /// <summary>
    /// A double cut off to 32 bits, with the last bit set if anything was cut off: rounding that again to 16 bits or fewer is as good as rounding the
    /// double once (rounding to odd; Boldo and Melquiond 2008).
    /// </summary>
    private static uint OddSingle(double value)
    {
        var single = (float)value;
        var bits = BitConverter.SingleToUInt32Bits(single);
        if (single == value || double.IsNaN(value)) return bits;
        if (Math.Abs((double)single) > Math.Abs(value)) bits--;
        return bits | 1;
    }

    private static void Widen(ReadOnlySpan<ushort> upper, Span<uint> singles)
    {
        var i = 0;
        if (Vector256.IsHardwareAccelerated)
            for (; i <= upper.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
            {
                var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(in MemoryMarshal.GetReference(upper), (nuint)i));
                (low << 16).StoreUnsafe(ref MemoryMarshal.GetReference(singles), (nuint)i);
                (high << 16).StoreUnsafe(ref MemoryMarshal.GetReference(singles), (nuint)(i + Vector256<uint>.Count));
            }
        for (; i < upper.Length; i++) singles[i] = (uint)upper[i] << 16;
    }
}
