using System.Runtime.InteropServices;

namespace KlCore.Formats;

/// <summary>
/// An array whose first index runs fastest: kept as it arrives, handed out row by row once it is whole. The last byte is taken only when
/// all rows were handed out, so that a source that was taken in full has nothing left to give.
/// </summary>
internal sealed class FortranArray(IReadOnlyList<long> shape, int size, bool bigEndian, int length)
{
    private readonly int[] _leading = [.. shape.Take(shape.Count - 1).Select(dimension => (int)dimension)];
    private readonly int _vocabulary = (int)shape[^1];
    private byte[] _bytes = [];
    private int _received, _next;

    /// <summary>Takes bytes of the array, then writes numbers of rows.</summary>
    public void Read(ReadOnlySpan<byte> source, Span<byte> rows, out int taken, out int written)
    {
        taken = written = 0;
        if (_received < length - 1)
        {
            taken = Math.Min(source.Length, length - 1 - _received);
            Keep(source[..taken]);
            if (taken == source.Length) return;
        }
        if (_received == length - 1)
        {
            Keep(source.Slice(taken, 1));
            if (bigEndian) ByteOrder.Reverse(_bytes, _bytes, size);
        }
        written = Write(rows);
        if (_next == length / size) taken++;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_received + bytes.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Min(length, Math.Max(_received + bytes.Length, 2 * _bytes.Length)));
        bytes.CopyTo(_bytes.AsSpan(_received));
        _received += bytes.Length;
    }

    private int Write(Span<byte> rows)
    {
        var from = _next;
        switch (size)
        {
            case 2:
                Write(MemoryMarshal.Cast<byte, ushort>(_bytes.AsSpan()), MemoryMarshal.Cast<byte, ushort>(rows));
                break;
            case 4:
                Write(MemoryMarshal.Cast<byte, uint>(_bytes.AsSpan()), MemoryMarshal.Cast<byte, uint>(rows));
                break;
            default:
                Write(MemoryMarshal.Cast<byte, ulong>(_bytes.AsSpan()), MemoryMarshal.Cast<byte, ulong>(rows));
                break;
        }
        return (_next - from) * size;
    }

    private void Write<T>(ReadOnlySpan<T> values, Span<T> rows)
    {
        var stride = length / size / _vocabulary;
        var at = 0;
        while (at < rows.Length && _next < length / size)
        {
            var (row, token) = Math.DivRem(_next, _vocabulary);
            var count = Math.Min(_vocabulary - token, rows.Length - at);
            var from = Start(row) + token * stride;
            for (var i = 0; i < count; i++) rows[at + i] = values[from + i * stride];
            (at, _next) = (at + count, _next + count);
        }
    }

    /// <summary>Where a row's first number is; rows are counted with the last leading index fastest.</summary>
    private int Start(int row)
    {
        var start = 0;
        var stride = length / size / _vocabulary;
        for (var i = _leading.Length - 1; i >= 0; i--)
        {
            stride /= _leading[i];
            (row, var index) = Math.DivRem(row, _leading[i]);
            start += index * stride;
        }
        return start;
    }
}
