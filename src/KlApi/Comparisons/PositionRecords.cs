using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KlCore.Logits;
using Microsoft.Win32.SafeHandles;

namespace KlApi.Comparisons;

/// <summary>Positions as a file holds them: one record after the other, just as they are in memory.</summary>
internal static class PositionRecords
{
    private const int AtOnce = 4096;

    /// <summary>So many records from the start of the file, in pieces; each piece is overwritten by the next.</summary>
    public static IEnumerable<ReadOnlyMemory<Position>> Read(SafeFileHandle file, long count, CancellationToken cancellation)
    {
        var piece = new Position[(int)Math.Min(AtOnce, count)];
        for (long start = 0; start < count; start += piece.Length)
        {
            cancellation.ThrowIfCancellationRequested();
            var length = (int)Math.Min(piece.Length, count - start);
            Fill(file, MemoryMarshal.AsBytes(piece.AsSpan(0, length)), start * Unsafe.SizeOf<Position>());
            yield return piece.AsMemory(0, length);
        }
    }

    private static void Fill(SafeFileHandle file, Span<byte> bytes, long offset)
    {
        while (bytes.Length > 0)
        {
            var length = RandomAccess.Read(file, bytes, offset);
            if (length == 0) throw new EndOfStreamException("The file of positions is shorter than its row says.");
            bytes = bytes[length..];
            offset += length;
        }
    }
}
