using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KlCore.Formats;

namespace KlCore.Logits;

/// <summary>One row of logits as it is stored.</summary>
/// <param name="bytes">The logits, least significant byte first.</param>
/// <param name="element">How one is stored.</param>
/// <param name="count">How many there are.</param>
internal readonly ref struct LogitRow(ReadOnlySpan<byte> bytes, ElementType element, int count)
{
    /// <summary>The logits, least significant byte first.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>How one is stored.</summary>
    public ElementType Element { get; } = element;

    /// <summary>How many there are.</summary>
    public int Count { get; } = count;

    /// <summary>What the logits were rounded to: another type than <see cref="Element"/> in a copy.</summary>
    public ElementType Stored { get; init; } = element;

    /// <summary>The first logits alone.</summary>
    public LogitRow First(int count) => new(Bytes[..(count * Element.Size())], Element, count);

    /// <summary>Every logit as a double, exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyTo(Span<double> destination)
    {
        switch (Element)
        {
            case ElementType.F64:
                MemoryMarshal.Cast<byte, double>(Bytes).CopyTo(destination);
                break;
            case ElementType.F32:
                var singles = MemoryMarshal.Cast<byte, float>(Bytes);
                for (var i = 0; i < singles.Length; i++) destination[i] = singles[i];
                break;
            case ElementType.F16:
                var halves = MemoryMarshal.Cast<byte, Half>(Bytes);
                for (var i = 0; i < halves.Length; i++) destination[i] = (double)halves[i];
                break;
            default:
                var upper = MemoryMarshal.Cast<byte, ushort>(Bytes);
                for (var i = 0; i < upper.Length; i++) destination[i] = BitConverter.UInt32BitsToSingle((uint)upper[i] << 16);
                break;
        }
    }

    /// <summary>Doubles as floats, where each of them is one; false where one is not, as NaN is not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryNarrow(Span<float> destination)
    {
        var doubles = MemoryMarshal.Cast<byte, double>(Bytes);
        var i = 0;
        for (; i <= doubles.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var (low, high) = (new Vector<double>(doubles[i..]), new Vector<double>(doubles[(i + Vector<double>.Count)..]));
            var narrow = Vector.Narrow(low, high);
            Vector.Widen(narrow, out var lowAgain, out var highAgain);
            if (lowAgain != low || highAgain != high) return false;
            narrow.CopyTo(destination[i..]);
        }

        for (; i < doubles.Length; i++)
        {
            destination[i] = (float)doubles[i];
            if (destination[i] != doubles[i]) return false;
        }

        return true;
    }

    /// <summary>Every logit as a float: exactly, but for doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyTo(Span<float> destination)
    {
        switch (Element)
        {
            case ElementType.F64:
                var doubles = MemoryMarshal.Cast<byte, double>(Bytes);
                for (var i = 0; i < doubles.Length; i++) destination[i] = (float)doubles[i];
                break;
            case ElementType.F32:
                MemoryMarshal.Cast<byte, float>(Bytes).CopyTo(destination);
                break;
            case ElementType.F16:
                var halves = MemoryMarshal.Cast<byte, Half>(Bytes);
                for (var i = 0; i < halves.Length; i++) destination[i] = (float)halves[i];
                break;
            default:
                var upper = MemoryMarshal.Cast<byte, ushort>(Bytes);
                for (var i = 0; i < upper.Length; i++) destination[i] = BitConverter.UInt32BitsToSingle((uint)upper[i] << 16);
                break;
        }
    }
}
