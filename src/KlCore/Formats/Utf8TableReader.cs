using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace KlCore.Formats;

/// <summary>A table written as text: UTF-8 with an optional byte order mark, checked as it arrives.</summary>
public abstract class Utf8TableReader : TableReader
{
    // The start of a character whose rest has not arrived yet.
    private readonly byte[] _open = new byte[4];
    private int _openLength;

    /// <summary>How many bytes were taken before those that <see cref="Parse"/> is given, with those of a byte order mark.</summary>
    private protected long Offset { get; private set; }

    /// <summary>The line that is being read, counted from 1.</summary>
    private protected long Line { get; set; } = 1;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <inheritdoc/>
    public sealed override void Append(ReadOnlySpan<byte> bytes)
    {
        bytes = CloseOpen(bytes);
        if (bytes.IsEmpty) return;
        var tail = OpenTail(bytes);
        if (Utf8.IsValid(bytes[..^tail]))
        {
            Take(bytes[..^tail]);
            bytes[^tail..].CopyTo(_open);
            _openLength = tail;
            return;
        }
        // What stands before the first bad byte is read first, so that the earliest failure is the one that is told.
        Take(bytes[..FirstInvalid(bytes)]);
        throw NotUtf8();
    }

    /// <inheritdoc/>
    public sealed override TableShape Complete() => _openLength > 0 ? throw NotUtf8() : Finish();

    /// <summary>Takes the next characters, all of them complete.</summary>
    private protected abstract void Parse(ReadOnlySpan<byte> bytes);

    /// <summary>Takes the end of the data.</summary>
    private protected abstract TableShape Finish();

    private MalformedDataException NotUtf8() => new("not-utf-8", "text must be valid UTF-8", Offset, Line);

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (Offset == 0 && bytes.StartsWith(ByteOrderMark))
        {
            bytes = bytes[ByteOrderMark.Length..];
            Offset = ByteOrderMark.Length;
        }
        Parse(bytes);
        Offset += bytes.Length;
    }

    /// <summary>Completes the character that the last piece ended within; returns what is left.</summary>
    private ReadOnlySpan<byte> CloseOpen(ReadOnlySpan<byte> bytes)
    {
        while (_openLength > 0 && !bytes.IsEmpty)
        {
            _open[_openLength++] = bytes[0];
            var status = Rune.DecodeFromUtf8(_open.AsSpan(0, _openLength), out _, out _);
            if (status == OperationStatus.InvalidData) throw NotUtf8();
            bytes = bytes[1..];
            if (status == OperationStatus.NeedMoreData) continue;
            Take(_open.AsSpan(0, _openLength));
            _openLength = 0;
        }
        return bytes;
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
