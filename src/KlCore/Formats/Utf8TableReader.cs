using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace KlCore.Formats;

/// <summary>A table written as text: UTF-8 with an optional byte order mark, checked as it arrives.</summary>
public abstract class Utf8TableReader : TableReader
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    // The start of a character whose rest has not arrived yet.
    private readonly byte[] _open = new byte[4];
    private int _openLength;
    private int _markLength;
    private bool _started;
    private long _received;

    /// <summary>How many bytes were handed to <see cref="Parse"/> before the current piece, with those of a byte order mark.</summary>
    private protected long Offset { get; private set; }

    /// <summary>The line that is being read, counted from 1.</summary>
    private protected long Line { get; set; } = 1;

    /// <inheritdoc/>
    public sealed override void Append(ReadOnlySpan<byte> bytes)
    {
        // What stands before the first bad byte is read first, so that the earliest failure is the one that is told.
        var valid = ValidLength(bytes, out var invalidAt);
        SkipMark(bytes[..valid]);
        _received += bytes.Length;
        if (invalidAt is { } offset) throw NotUtf8(offset);
    }

    /// <inheritdoc/>
    public sealed override TableShape Complete()
    {
        if (_openLength > 0) throw NotUtf8(_received - _openLength);
        if (!_started && _markLength is > 0 and < 3) Hand(ByteOrderMark[.._markLength]);
        return Finish();
    }

    /// <summary>Takes the next bytes, which are valid UTF-8 but may end within a character.</summary>
    private protected abstract void Parse(ReadOnlySpan<byte> bytes);

    /// <summary>Takes the end of the data.</summary>
    private protected abstract TableShape Finish();

    private MalformedDataException NotUtf8(long offset) =>
        new("not-utf-8", "text must be valid UTF-8", offset, Line);

    private void SkipMark(ReadOnlySpan<byte> bytes)
    {
        while (!_started && _markLength < 3 && !bytes.IsEmpty)
        {
            if (bytes[0] == ByteOrderMark[_markLength])
            {
                _markLength++;
                bytes = bytes[1..];
                continue;
            }
            _started = true;
            if (_markLength > 0) Hand(ByteOrderMark[.._markLength]);
        }
        if (!_started && _markLength == 3) (_started, Offset) = (true, 3);
        if (!bytes.IsEmpty) Hand(bytes);
    }

    private void Hand(ReadOnlySpan<byte> bytes)
    {
        Parse(bytes);
        Offset += bytes.Length;
    }

    /// <summary>How many bytes at the start of the piece are valid, a character that is still open at its end included.</summary>
    private int ValidLength(ReadOnlySpan<byte> bytes, out long? invalidAt)
    {
        invalidAt = null;
        var used = 0;
        while (_openLength > 0 && used < bytes.Length)
        {
            _open[_openLength] = bytes[used];
            var status = Rune.DecodeFromUtf8(_open.AsSpan(0, _openLength + 1), out _, out _);
            if (status == OperationStatus.InvalidData)
            {
                invalidAt = _received + used - _openLength;
                return used;
            }
            used++;
            _openLength = status == OperationStatus.Done ? 0 : _openLength + 1;
        }
        var rest = bytes[used..];
        var tail = OpenTail(rest);
        if (Utf8.IsValid(rest[..^tail]))
        {
            // A tail of nothing must not forget the open character of a piece that ended within it.
            if (tail > 0) rest[^tail..].CopyTo(_open);
            if (tail > 0) _openLength = tail;
            return bytes.Length;
        }
        used += FirstInvalid(rest);
        invalidAt = _received + used;
        return used;
    }

    /// <summary>How many bytes at the end are the start of a character that is not complete.</summary>
    private static int OpenTail(ReadOnlySpan<byte> bytes)
    {
        for (var length = 1; length <= Math.Min(3, bytes.Length); length++)
        {
            if ((bytes[^length] & 0xC0) == 0x80) continue;
            return Rune.DecodeFromUtf8(bytes[^length..], out _, out _) == OperationStatus.NeedMoreData ? length : 0;
        }
        return 0;
    }

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) == OperationStatus.Done) at += length;
        return at;
    }
}
