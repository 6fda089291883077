using System.Buffers;
using System.Runtime.InteropServices;

namespace KlCore.Formats;

/// <summary>
/// Reads rows of logits from JSON lines (RFC 8259, UTF-8 with an optional byte order mark): each line is an array of logits, or an object with
/// them as "logits" and, if it likes, the next token as "target" or "token" (null, -1 and -100 say that there is none). A logit is a number, or
/// the text "-Infinity". Every line has as many logits as the first; blank lines are no rows. Rows come out as 64-bit numbers.
/// </summary>
/// <remarks>
/// A row is read when its last bracket arrives, and the bracket is taken only when the whole row was handed out: so what was taken in full
/// has nothing left to give, and the last line needs no end. Memory is that of one row as text and as numbers.
/// </remarks>
public sealed class JsonLogitsReader : LogitsReader
{
    /// <summary>The longest line: room for the largest vocabulary with 32 characters for each logit.</summary>
    public const int MaximumLineBytes = 32 * MaximumVocabulary + 1024;

    private static readonly SearchValues<byte> Marks = SearchValues.Create("[]{}\"\\\n"u8);

    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly JsonLogits _parser = new();
    private long _offset, _lineStart, _lineNumber = 1;
    private int _depth, _markLength, _handedOut;
    private Place _place;
    private bool _escaped;
    private TokenBlocks? _targets;

    private enum Place
    {
        Before,
        Within,
        WithinText,
        Row,
        After,
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int>? Targets => _targets;

    /// <inheritdoc/>
    public override void Read(ReadOnlySpan<byte> source, Span<byte> rows, out int taken, out int written)
    {
        (taken, written) = (0, 0);
        var known = Shape is not null;
        while (taken < source.Length)
        {
            var rest = source[taken..];
            int step;
            switch (_place)
            {
                case Place.Before or Place.After:
                    step = Blank(rest[0]);
                    break;
                case Place.Row:
                    if (known) written += HandOut(rows[written..]);
                    if (_handedOut < _parser.Count) return;
                    // The bracket that was not taken is given again.
                    (RowsRead, _place, step) = (RowsRead + 1, Place.After, 1);
                    break;
                default:
                    step = Scan(rest);
                    break;
            }
            (taken, _offset) = (taken + step, _offset + step);
        }
    }

    /// <inheritdoc/>
    public override void Complete()
    {
        if (_place is Place.Within or Place.WithinText) throw Bad("a line must hold one whole JSON array or object, the data ends within it", _offset);
        if (_markLength is 1 or 2) throw Bad("the data must be UTF-8", 0);
        if (RowsRead == 0) throw new MalformedDataException("empty", "there must be at least one row, there was none", _offset, _lineNumber);
    }

    /// <summary>One byte between values.</summary>
    private int Blank(byte next)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        if (_offset == _markLength && _markLength < 3 && next == mark[_markLength])
        {
            _markLength++;
            return 1;
        }
        if (_markLength is 1 or 2) throw Bad("the data must be UTF-8", 0);
        if (next == (byte)'\n') (_place, _lineNumber, _lineStart) = (Place.Before, _lineNumber + 1, _offset + 1);
        else if (next is (byte)'[' or (byte)'{' && _place == Place.Before) (_place, _lineStart) = (Place.Within, _offset);
        else if (next is not ((byte)' ' or (byte)'\t' or (byte)'\r'))
            throw Bad(_place == Place.After ? "nothing may follow the value on its line" : "a line must hold an array of logits, or an object with \"logits\"", _offset);
        // The bracket is read again, as part of the value.
        return _place == Place.Within ? 0 : 1;
    }

    /// <summary>Looks for the end of the value, and keeps what stands before it. The closing bracket is read but not taken.</summary>
    private int Scan(ReadOnlySpan<byte> source)
    {
        var at = 0;
        while (at < source.Length)
        {
            var length = _escaped ? 0 : source[at..].IndexOfAny(Marks);
            at += length < 0 ? source.Length - at : length;
            CheckLength(_line.WrittenCount + at);
            if (length < 0) break;
            var mark = source[at++];
            if (mark == (byte)'\n') throw Bad("a line must hold one whole JSON array or object, it ends within it", _offset + at - 1);
            if (_place == Place.WithinText) Text(mark);
            else if (mark == (byte)'"') _place = Place.WithinText;
            else if (mark is (byte)'[' or (byte)'{') _depth++;
            else if (mark is (byte)']' or (byte)'}' && --_depth == 0)
            {
                Parse(source[..at]);
                return at - 1;
            }
        }
        CheckLength(_line.WrittenCount + at);
        _line.Write(source);
        return source.Length;
    }

    private void Text(byte mark)
    {
        if (_escaped) _escaped = false;
        else if (mark == (byte)'\\') _escaped = true;
        else if (mark == (byte)'"') _place = Place.Within;
    }

    private void Parse(ReadOnlySpan<byte> last)
    {
        var value = last;
        if (_line.WrittenCount > 0)
        {
            _line.Write(last);
            value = _line.WrittenSpan;
        }
        CheckLength(value.Length);
        _parser.Read(value, Shape?.Vocabulary, RowsRead, _lineStart, _lineNumber);
        _line.ResetWrittenCount();
        if (RowsRead == MaximumRows) throw Bad($"there must be at most {MaximumRows} rows", _lineStart);
        AddTarget(_parser.Target);
        (_place, _handedOut) = (Place.Row, 0);
        Shape ??= new LogitsShape(LogitsFormat.JsonLines, ElementType.F64, _parser.Count, null) { DataType = "f64" };
    }

    private void AddTarget(int target)
    {
        if (_targets is null && target < 0) return;
        if (_targets is null)
        {
            _targets = new TokenBlocks();
            for (long row = 0; row < RowsRead; row++) _targets.Add(-1);
        }
        _targets.Add(target);
    }

    private int HandOut(Span<byte> rows)
    {
        var left = MemoryMarshal.AsBytes(_parser.Values[_handedOut..]);
        var count = Math.Min(left.Length, rows.Length) / sizeof(double) * sizeof(double);
        left[..count].CopyTo(rows);
        _handedOut += count / sizeof(double);
        return count;
    }

    private void CheckLength(int length)
    {
        if (length > MaximumLineBytes) throw new MalformedDataException("row-too-long", $"a line must have at most {MaximumLineBytes} bytes", _lineStart, _lineNumber);
    }

    private MalformedDataException Bad(string message, long offset) => new("json-lines", message, offset, _lineNumber);
}
