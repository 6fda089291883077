using System.Buffers;

namespace KlCore.Formats;

/// <summary>
/// Plain text: each line is a row of one text column, named "text". Lines end with LF or CRLF; the last needs no end, and an empty one is a row too. A line may be of any length,
/// as long as nobody wants to see it: then 1 GiB is the most.
/// </summary>
public sealed class TextLinesReader : Utf8TableReader
{
    private const int MaximumSeenBytes = 1 << 30;

    // The start of the line that is being read, kept for a visitor of texts only.
    private readonly ArrayBufferWriter<byte> _line = new();
    private long _bytes, _lineStart, _lines;

    private protected override void Parse(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var content = end < 0 ? bytes : bytes[..end];
            _bytes += content.Length;
            if (end < 0)
            {
                Keep(content);
                return;
            }
            EndLine(content);
            _bytes++;
            _lineStart = _bytes;
            bytes = bytes[(end + 1)..];
        }
    }

    private protected override TableShape Finish()
    {
        if (_bytes == 0) throw new MalformedDataException("empty", "text must not be empty", Offset);
        if (_bytes > _lineStart) EndLine([]);
        return new TableShape(_lines, [new TableColumn("text", ColumnType.Text, 0)]);
    }

    private void Keep(ReadOnlySpan<byte> content)
    {
        if (Texts is null) return;
        if (_line.WrittenCount + (long)content.Length > MaximumSeenBytes)
            throw new MalformedDataException("row-too-long", $"a line that is read as text must have at most {MaximumSeenBytes} bytes", Offset, Line);
        _line.Write(content);
    }

    private void EndLine(ReadOnlySpan<byte> rest)
    {
        Numbers?.Invoke(_lines, 0, double.NaN);
        if (Texts is not null)
        {
            // Most lines lie within one piece and need no copy.
            if (_line.WrittenCount > 0)
            {
                Keep(rest);
                rest = _line.WrittenSpan;
            }
            Texts(_lines, 0, rest.EndsWith("\r"u8) ? rest[..^1] : rest);
            _line.ResetWrittenCount();
        }
        _lines++;
        Line++;
    }
}
