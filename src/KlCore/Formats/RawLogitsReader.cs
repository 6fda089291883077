namespace KlCore.Formats;

/// <summary>
/// Reads rows that lie in a file as numbers one after the other, behind a header: handed on as they are, or with the bytes of each number
/// turned round. What stands between the header and the rows, and behind the rows, is skipped; its length is known from the header.
/// </summary>
public abstract class RawLogitsReader : LogitsReader
{
    // The first bytes of a number whose rest has not arrived; only numbers to be turned round are taken whole.
    private readonly byte[] _open = new byte[8];
    private int _openLength;
    private bool _reversed;
    private long _skip, _rest, _behind, _end, _written;

    /// <inheritdoc/>
    public override long DirectBytes => Shape is null || _reversed || _skip > 0 ? 0 : _rest;

    /// <summary>How many bytes of the file were taken.</summary>
    private protected long Offset { get; private set; }

    /// <summary>What the codes of failures begin with.</summary>
    private protected abstract string Name { get; }

    /// <inheritdoc/>
    public sealed override void Read(ReadOnlySpan<byte> source, Span<byte> rows, out int taken, out int written)
    {
        written = 0;
        if (Shape is null)
        {
            taken = ReadHeader(source);
            Offset += taken;
            return;
        }
        taken = Skip(source, ref _skip);
        if (_skip > 0 || taken == source.Length) return;
        if (_rest > 0)
        {
            ReadRows(source[taken..], rows, out var data, out written);
            (Offset, _rest, taken) = (Offset + data, _rest - data, taken + data);
            Count(written);
            if (_rest > 0) return;
        }
        taken += Skip(source[taken..], ref _behind);
        if (taken < source.Length) throw new MalformedDataException($"{Name}-trailing", "nothing may follow the announced numbers", _end);
    }

    /// <inheritdoc/>
    public sealed override void TookDirectly(int bytes)
    {
        if (bytes < 0 || bytes > DirectBytes) throw new ArgumentOutOfRangeException(nameof(bytes), bytes, "Must be within DirectBytes.");
        (Offset, _rest) = (Offset + bytes, _rest - bytes);
        Count(bytes);
    }

    /// <inheritdoc/>
    public sealed override void Complete()
    {
        if (Shape is null)
            throw new MalformedDataException(Offset == 0 ? "empty" : $"{Name}-truncated", "the data must hold a header, it ends within it", Offset);
        if (Offset < _end)
            throw new MalformedDataException(
                $"{Name}-truncated", $"the header announces {_end} bytes in all, there were {Offset}; {RowsRead} of {Shape.Rows} rows are whole", Offset);
        Finish();
    }

    /// <summary>Takes bytes of the header, at least one; when it is whole, <see cref="Begin"/> is called and no more is taken.</summary>
    private protected abstract int ReadHeader(ReadOnlySpan<byte> source);

    /// <summary>Sees what stands before and behind the rows.</summary>
    private protected virtual void Skipped(ReadOnlySpan<byte> bytes, long offset)
    {
    }

    /// <summary>All bytes are there.</summary>
    private protected virtual void Finish()
    {
    }

    /// <summary>Says what the header told.</summary>
    /// <param name="shape">What the rows are.</param>
    /// <param name="headerEnd">Where the header ends, in bytes from the start of the file.</param>
    /// <param name="reversed">Whether the numbers' most significant bytes come first.</param>
    /// <param name="before">Bytes between the header and the rows.</param>
    /// <param name="behind">Bytes behind the rows.</param>
    private protected void Begin(LogitsShape shape, long headerEnd, bool reversed, long before = 0, long behind = 0)
    {
        (Shape, _reversed, _skip, _behind) = (shape, reversed, before, behind);
        _rest = checked(shape.Rows!.Value * shape.RowBytes);
        _end = checked(headerEnd + before + _rest + behind);
    }

    /// <summary>Takes bytes of rows. All of the source is taken unless there is no room for what it holds.</summary>
    private protected virtual void ReadRows(ReadOnlySpan<byte> source, Span<byte> rows, out int taken, out int written)
    {
        source = source[..(int)Math.Min(source.Length, _rest)];
        if (_reversed)
        {
            Reverse(source, rows, out taken, out written);
            return;
        }
        taken = written = Math.Min(source.Length, rows.Length);
        source[..taken].CopyTo(rows);
    }

    private void Reverse(ReadOnlySpan<byte> source, Span<byte> rows, out int taken, out int written)
    {
        taken = written = 0;
        var size = Shape!.Element.Size();
        if (_openLength > 0)
        {
            if (rows.Length < size) return;
            taken = Math.Min(size - _openLength, source.Length);
            source[..taken].CopyTo(_open.AsSpan(_openLength));
            _openLength += taken;
            if (_openLength < size) return;
            ByteOrder.Reverse(_open.AsSpan(0, size), rows, size);
            (_openLength, written) = (0, size);
        }
        var whole = Math.Min(source.Length - taken, rows.Length - written) / size * size;
        ByteOrder.Reverse(source.Slice(taken, whole), rows[written..], size);
        (taken, written) = (taken + whole, written + whole);
        var tail = source[taken..];
        if (tail.Length >= size) return;
        tail.CopyTo(_open);
        (_openLength, taken) = (tail.Length, source.Length);
    }

    private void Count(int written)
    {
        _written += written;
        RowsRead = _written / Shape!.RowBytes;
    }

    private int Skip(ReadOnlySpan<byte> source, ref long length)
    {
        var taken = (int)Math.Min(source.Length, length);
        if (taken == 0) return 0;
        Skipped(source[..taken], Offset);
        (Offset, length) = (Offset + taken, length - taken);
        return taken;
    }
}
