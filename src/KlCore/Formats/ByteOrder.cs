using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace KlCore.Formats;

/// <summary>The order of the bytes of numbers.</summary>
internal static class ByteOrder
{
    /// <summary>Writes each number with its bytes the other way round.</summary>
    /// <param name="source">Whole numbers.</param>
    /// <param name="destination">At least as long; may be the source itself.</param>
    /// <param name="size">Bytes per number: 2, 4 or 8.</param>
    public static void Reverse(ReadOnlySpan<byte> source, Span<byte> destination, int size)
    {
        if (size == 2) BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, ushort>(source), MemoryMarshal.Cast<byte, ushort>(destination));
        else if (size == 4) BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, uint>(source), MemoryMarshal.Cast<byte, uint>(destination));
        else BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, ulong>(source), MemoryMarshal.Cast<byte, ulong>(destination));
    }
}
