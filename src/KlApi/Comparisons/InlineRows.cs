using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using KlCore;

namespace KlApi.Comparisons;

/// <summary>Rows of a request as the stream of a <c>.npy</c> file of doubles, so that there is one way to compare; nothing is copied but what is read.</summary>
internal sealed class InlineRows : Stream
{
    private readonly ReadOnlyMemory<byte> _start;
    private readonly double[][] _rows;
    private int _row = -1, _offset;

    public InlineRows(double[][] rows)
    {
        _rows = rows;
        var dictionary = $"{{'descr': '<f8', 'fortran_order': False, 'shape': ({rows.Length}, {rows[0].Length}), }}\n";
        _start = (byte[])[0x93, .. "NUMPY"u8, 2, 0, .. BitConverter.GetBytes(dictionary.Length), .. Encoding.ASCII.GetBytes(dictionary)];
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>What tells the same numbers from others.</summary>
    public static string Hash(double[][] rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in rows)
        {
            hash.AppendData(BitConverter.GetBytes(row.Length));
            hash.AppendData(MemoryMarshal.AsBytes(row.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Names everything that keeps the rows from being logits.</summary>
    public static void Check(double[][] rows, Problems problems)
    {
        if (rows.Length == 0) problems.Add("must have at least one row");
        for (var i = 0; i < rows.Length; i++)
        {
            if (problems.Total >= Problems.Limit) return;
            var at = problems.At(i);
            if (rows[i].Length == 0) at.Add("must have at least one logit");
            else if (rows[i].Length != rows[0].Length) at.Add($"must have as many logits as the first row ({rows[0].Length}), had {rows[i].Length}");
            for (var j = Array.IndexOf(rows[i], double.PositiveInfinity); j >= 0; j = Array.IndexOf(rows[i], double.PositiveInfinity, j + 1))
                at.At(j).Add("must be a number or -Infinity, was Infinity");
        }
    }

    public override int Read(Span<byte> buffer)
    {
        while (_row < _rows.Length)
        {
            var rest = (_row < 0 ? _start.Span : MemoryMarshal.AsBytes(_rows[_row].AsSpan()))[_offset..];
            var length = Math.Min(rest.Length, buffer.Length);
            rest[..length].CopyTo(buffer);
            _offset += length;
            if (length > 0) return length;
            (_row, _offset) = (_row + 1, 0);
        }

        return 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
