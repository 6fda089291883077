using System.Buffers;
using System.Text.Json;

namespace KlCore.Formats;

/// <summary>
/// JSON lines: each line is an object (RFC 8259) with the same keys as the first, in any order; they are the columns. Values are numbers, text,
/// true and false (1 and 0), or null for what is missing. Blank lines are no rows.
/// </summary>
public sealed class JsonLinesReader : Utf8TableReader
{
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly ColumnTallies _tallies = new();
    private readonly List<string> _names = [];
    private readonly Dictionary<string, int> _columns = [];
    private readonly List<long> _seenInRow = [];
    private long _row, _lineStart;
    private byte[] _scratch = [];

    private protected override void Parse(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (bytes[at..].IndexOf((byte)'\n') is var length and >= 0)
        {
            EndLine(bytes.Slice(at, length));
            at += length + 1;
            (_lineStart, Line) = (Offset + at, Line + 1);
        }
        _line.Write(bytes[at..]);
        CheckLength(_line.WrittenCount);
    }

    private protected override TableShape Finish()
    {
        EndLine([]);
        if (_row == 0) throw new MalformedDataException("empty", "the table must have at least one row, there was none", Offset, Line);
        return new TableShape(_row, _tallies.Describe(_names));
    }

    private void CheckLength(int length)
    {
        if (length > MaximumRowBytes)
            throw new MalformedDataException("row-too-long", $"a line must have at most {MaximumRowBytes} bytes", _lineStart, Line);
    }

    private void EndLine(ReadOnlySpan<byte> bytes)
    {
        if (_line.WrittenCount > 0)
        {
            _line.Write(bytes);
            bytes = _line.WrittenSpan;
        }
        CheckLength(bytes.Length);
        var blanks = bytes.Length - bytes.TrimStart(" \t\r"u8).Length;
        if (blanks < bytes.Length) Row(bytes);
        _line.ResetWrittenCount();
    }

    private void Row(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        try
        {
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject) throw Bad("a line must hold a JSON object", json.TokenStartIndex);
            var cells = 0;
            for (; json.Read() && json.TokenType == JsonTokenType.PropertyName; cells++)
            {
                var column = Column(ref json, cells);
                json.Read();
                Cell(ref json, column);
            }
            json.Read();
            if (cells == 0) throw Bad("an object must have at least one key", 0);
            if (cells < _names.Count)
                throw Bad($"every object must have the keys of the first, this one lacks {Quote(_names[_seenInRow.IndexOf(_row)])}", 0);
        }
        catch (JsonException error)
        {
            throw Bad("a line must hold one well-formed JSON object", error.BytePositionInLine ?? 0);
        }
        catch (InvalidOperationException)
        {
            // Text such as "\ud800": half of a surrogate pair, which no UTF-8 can hold.
            throw Bad("text must be valid Unicode, an escape is not", json.TokenStartIndex);
        }
        _row++;
    }

    /// <summary>The column of the key that the reader stands at. Marks it as seen: <c>_seenInRow</c> holds the number of rows with it.</summary>
    private int Column(ref Utf8JsonReader json, int expected)
    {
        // Keys mostly come in the order of the first line: then they need no string.
        if (expected >= _names.Count || !json.ValueTextEquals(_names[expected]))
        {
            var name = json.GetString()!;
            if (!_columns.TryGetValue(name, out expected))
            {
                if (_row > 0) throw Bad($"every object must have the keys of the first, it has no {Quote(name)}", json.TokenStartIndex);
                if (_names.Count == MaximumColumns) throw Bad($"a table must have at most {MaximumColumns} columns", json.TokenStartIndex);
                _columns.Add(name, expected = _names.Count);
                _names.Add(name);
                _seenInRow.Add(0);
            }
        }
        if (_seenInRow[expected] > _row) throw Bad($"an object must have each key once, it has {Quote(_names[expected])} twice", json.TokenStartIndex);
        _seenInRow[expected] = _row + 1;
        return expected;
    }

    private void Cell(ref Utf8JsonReader json, int column)
    {
        var value = double.NaN;
        var text = json.ValueSpan;
        CellKind kind;
        switch (json.TokenType)
        {
            case JsonTokenType.Number:
                kind = json.TryGetDouble(out value) && double.IsFinite(value) ? CellKind.Number : CellKind.NotFinite;
                if (kind == CellKind.NotFinite) value = double.NaN;
                break;
            case JsonTokenType.True or JsonTokenType.False:
                (kind, value) = (CellKind.Number, json.TokenType == JsonTokenType.True ? 1 : 0);
                break;
            case JsonTokenType.Null:
                kind = CellKind.Empty;
                text = [];
                break;
            case JsonTokenType.String:
                kind = json.ValueSpan.IsEmpty ? CellKind.Empty : CellKind.Text;
                if (json.ValueIsEscaped) text = Unescape(ref json);
                break;
            default:
                throw Bad($"a value must be a number, text, true, false or null, {Quote(_names[column])} is not", json.TokenStartIndex);
        }
        _tallies.Add(column, kind);
        Numbers?.Invoke(_row, column, value);
        Texts?.Invoke(_row, column, text);
    }

    // Unescaping throws where the text is no Unicode; without escapes the bytes were checked already.
    private ReadOnlySpan<byte> Unescape(scoped ref Utf8JsonReader json)
    {
        if (_scratch.Length < json.ValueSpan.Length) _scratch = new byte[json.ValueSpan.Length * 2];
        return _scratch.AsSpan(0, json.CopyString(_scratch));
    }

    private MalformedDataException Bad(string message, long position) => new("json-lines", message, _lineStart + position, Line);

    // A name from the data is told, but not a megabyte of it.
    private static string Quote(string name) => JsonSerializer.Serialize(name.Length <= 60 ? name : string.Concat(name.AsSpan(0, 60), "…"));
}
