namespace KlCore.Formats;

/// <summary>
/// Plain text: each line is a row of one text column, named "text". Lines end with LF or CRLF; the last needs no end, and an empty one is a row too. A line may be of any length.
/// </summary>
public sealed class TextLinesReader : Utf8TableReader
{
    private long _bytes, _lineStart, _lines;

    private protected override void Parse(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            _bytes += end < 0 ? bytes.Length : end;
            if (end < 0) return;
            EndLine();
            _bytes++;
            _lineStart = _bytes;
            bytes = bytes[(end + 1)..];
        }
    }

    private protected override TableShape Finish()
    {
        if (_bytes == 0) throw new MalformedDataException("empty", "text must not be empty", Offset);
        if (_bytes > _lineStart) EndLine();
        return new TableShape(_lines, [new TableColumn("text", ColumnType.Text, 0)]);
    }

    private void EndLine()
    {
        Numbers?.Invoke(_lines, 0, double.NaN);
        _lines++;
        Line++;
    }
}
