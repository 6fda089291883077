using System.Buffers;

namespace KlCore.Formats;

/// <summary>
/// Comma-separated values (RFC 4180): cells between commas, rows ended by LF or CRLF; cells that hold commas, line ends or quotes stand between
/// double quotes, and a quote within them is doubled. Every row has as many cells as the first. Blank lines are no rows.
/// </summary>
public sealed class CsvReader : Utf8TableReader
{
    private static readonly SearchValues<byte> Special = SearchValues.Create(",\n\r\""u8);

    private readonly ArrayBufferWriter<byte> _cell = new();
    private readonly CsvRows _rows;
    private Place _place = Place.RowStart;
    private long _rowStart, _quoteStart, _quoteLine;

    /// <summary>Begins to read.</summary>
    /// <param name="header">
    /// Whether the first row names the columns; null means that it does unless all its cells are numbers. Without names the columns are "0", "1", …
    /// </param>
    public CsvReader(bool? header = null) => _rows = new CsvRows(header);

    private enum Place
    {
        RowStart,
        CellStart,
        InCell,
        InQuotes,
        AfterQuote,
        AfterReturn,
        AfterBlankReturn,
    }

    private protected override void Parse(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length)
            at += _place switch
            {
                Place.RowStart or Place.CellStart or Place.InCell => Plain(bytes[at..], Offset + at),
                Place.InQuotes => Quoted(bytes[at..]),
                _ => After(bytes[at], Offset + at),
            };
        CheckLength(Offset + bytes.Length);
    }

    private protected override TableShape Finish()
    {
        if (_place == Place.InQuotes)
            throw new MalformedDataException("csv-quote", "a quoted cell must end with a quote, the data ended within it", _quoteStart, _quoteLine);
        if (_place is not (Place.RowStart or Place.AfterBlankReturn)) EndRow(_cell.WrittenSpan, Offset);
        return _rows.Complete(Offset, Line);
    }

    /// <summary>Reads up to and with the next byte that means something; returns how many bytes that took.</summary>
    private int Plain(ReadOnlySpan<byte> bytes, long offset)
    {
        var length = bytes.IndexOfAny(Special);
        if (length != 0) _place = Place.InCell;
        if (length < 0)
        {
            _cell.Write(bytes);
            return bytes.Length;
        }
        var end = offset + length;
        switch (bytes[length])
        {
            case (byte)',':
                EndCell(Content(bytes[..length]), end);
                break;
            case (byte)'\n':
                if (_place != Place.RowStart) EndRow(Content(bytes[..length]), end);
                EndLine(end);
                break;
            case (byte)'\r':
                _cell.Write(bytes[..length]);
                _place = _place == Place.RowStart ? Place.AfterBlankReturn : Place.AfterReturn;
                break;
            default:
                if (_place == Place.InCell)
                    throw new MalformedDataException("csv-quote", $"a cell that holds a quote must stand in quotes, {_rows.Where()} does not", end, Line);
                (_place, _quoteStart, _quoteLine) = (Place.InQuotes, end, Line);
                break;
        }
        return length + 1;
    }

    private int Quoted(ReadOnlySpan<byte> bytes)
    {
        var length = bytes.IndexOf((byte)'"');
        var content = length < 0 ? bytes : bytes[..length];
        _cell.Write(content);
        Line += content.Count((byte)'\n');
        if (length < 0) return bytes.Length;
        _place = Place.AfterQuote;
        return length + 1;
    }

    private int After(byte next, long offset)
    {
        if (next == (byte)'\n')
        {
            if (_place != Place.AfterBlankReturn) EndRow(_cell.WrittenSpan, offset);
            EndLine(offset);
        }
        else if (_place != Place.AfterQuote)
            throw new MalformedDataException("csv-line-end", "a line must end with LF or CRLF, a CR stood alone", offset, Line);
        else if (next == (byte)'"')
        {
            _cell.Write([next]);
            _place = Place.InQuotes;
        }
        else if (next == (byte)',') EndCell(_cell.WrittenSpan, offset);
        else if (next == (byte)'\r') _place = Place.AfterReturn;
        else
            throw new MalformedDataException("csv-quote", $"after a closing quote must come a comma or the end of the line, in {_rows.Where()} came more text", offset, Line);
        return 1;
    }

    // Most cells lie within one piece and need no copy.
    private ReadOnlySpan<byte> Content(ReadOnlySpan<byte> bytes)
    {
        if (_cell.WrittenCount == 0) return bytes;
        _cell.Write(bytes);
        return _cell.WrittenSpan;
    }

    private void EndCell(ReadOnlySpan<byte> content, long offset)
    {
        _rows.Cell(content, offset, Line, Numbers, Texts);
        _cell.ResetWrittenCount();
        _place = Place.CellStart;
    }

    private void EndRow(ReadOnlySpan<byte> content, long offset)
    {
        EndCell(content, offset);
        _rows.EndRow(offset, Line, Numbers, Texts);
        CheckLength(offset);
    }

    private void EndLine(long offset)
    {
        Line++;
        _rowStart = offset + 1;
        _place = Place.RowStart;
    }

    private void CheckLength(long offset)
    {
        if (offset - _rowStart > MaximumRowBytes)
            throw new MalformedDataException("row-too-long", $"a row must have at most {MaximumRowBytes} bytes", _rowStart, Line);
    }
}
