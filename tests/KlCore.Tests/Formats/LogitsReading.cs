using System.Runtime.InteropServices;
using KlCore.Formats;

namespace KlCore.Tests.Formats;

/// <summary>Feeds readers of logits in pieces and keeps what came out.</summary>
internal static class LogitsReading
{
    /// <summary>All bytes of rows that come out of a file.</summary>
    /// <param name="reader">Fresh.</param>
    /// <param name="bytes">The file.</param>
    /// <param name="piece">How many bytes to give next; null for all at once.</param>
    /// <param name="room">How many numbers there is room for next; null for many.</param>
    /// <param name="direct">Whether bytes are read past the reader where it allows that.</param>
    public static byte[] Rows(LogitsReader reader, ReadOnlySpan<byte> bytes, Func<int>? piece = null, Func<int>? room = null, bool direct = false)
    {
        var rows = new MemoryStream();
        var buffer = new byte[room is null ? 1 << 16 : 1 << 10];
        while (!bytes.IsEmpty)
        {
            var next = bytes[..Math.Min(piece?.Invoke() ?? int.MaxValue, bytes.Length)];
            bytes = bytes[next.Length..];
            while (!next.IsEmpty)
            {
                if (direct && reader.DirectBytes > 0)
                {
                    var count = (int)Math.Min(reader.DirectBytes, next.Length);
                    rows.Write(next[..count]);
                    reader.TookDirectly(count);
                    next = next[count..];
                    continue;
                }
                var size = reader.Shape?.Element.Size() ?? 0;
                var length = reader.Shape is null ? 0 : room is null ? buffer.Length : room() * size;
                var known = reader.Shape is not null;
                reader.Read(next, buffer.AsSpan(0, length), out var taken, out var written);
                Assert.True(taken + written > 0 || (!known && reader.Shape is not null), "no progress");
                rows.Write(buffer.AsSpan(0, written));
                next = next[taken..];
            }
        }
        reader.Complete();
        return rows.ToArray();
    }

    /// <summary>Reads a file and forgets the rows, without allocating; returns how many there were.</summary>
    public static long Drain(LogitsReader reader, ReadOnlySpan<byte> bytes, byte[] buffer)
    {
        while (!bytes.IsEmpty)
        {
            reader.Read(bytes, buffer, out var taken, out _);
            bytes = bytes[taken..];
        }
        reader.Complete();
        return reader.RowsRead;
    }

    /// <summary>The numbers of rows as doubles.</summary>
    public static double[] Numbers(ElementType element, ReadOnlySpan<byte> rows) => element switch
    {
        ElementType.F16 => [.. MemoryMarshal.Cast<byte, Half>(rows).ToArray().Select(value => (double)value)],
        ElementType.Bf16 => [.. MemoryMarshal.Cast<byte, ushort>(rows).ToArray().Select(bits => (double)BitConverter.UInt32BitsToSingle((uint)bits << 16))],
        ElementType.F32 => [.. MemoryMarshal.Cast<byte, float>(rows).ToArray().Select(value => (double)value)],
        _ => MemoryMarshal.Cast<byte, double>(rows).ToArray(),
    };

    /// <summary>All that can be seen from outside: shape, rows and targets, or the failure.</summary>
    public static string Outcome(LogitsReader reader, byte[] bytes, Func<int>? piece = null, Func<int>? room = null, bool direct = false)
    {
        try
        {
            var rows = Rows(reader, bytes, piece, room, direct);
            Assert.Equal(rows.Length, reader.RowsRead * reader.Shape!.RowBytes);
            return $"{reader.Shape} {reader.RowsRead} {Convert.ToHexString(rows)} {(reader.Targets is { } targets ? string.Join(' ', targets) : "none")}";
        }
        catch (MalformedDataException error)
        {
            Assert.InRange(error.Offset, 0, bytes.Length);
            return $"{error.Code} {error.Offset} {error.Line} {error.Message}";
        }
        catch (NotComputableException error)
        {
            return $"{error.Code} {error.Message}";
        }
    }

    /// <summary>The failure that a file ends with, however it is cut.</summary>
    public static MalformedDataException Failure(Func<LogitsReader> open, byte[] bytes)
    {
        var whole = Assert.Throws<MalformedDataException>(() => Rows(open(), bytes));
        var pieces = Assert.Throws<MalformedDataException>(() => Rows(open(), bytes, () => 1));
        Assert.Equal((whole.Code, whole.Offset, whole.Message), (pieces.Code, pieces.Offset, pieces.Message));
        return whole;
    }

    /// <summary>Asserts that the outcome is the same however the file is cut and however much room there is.</summary>
    public static void SameInPieces(Func<LogitsReader> open, byte[] bytes)
    {
        var expected = Outcome(open(), bytes);
        foreach (var piece in (int[])[1, 2, 3, 5, 7, 8, 13, 64, 1000])
            foreach (var room in (int[])[1, 3, 100])
                foreach (var direct in (bool[])[false, true])
                    Assert.Equal(expected, Outcome(open(), bytes, () => piece, () => room, direct));
    }
}
