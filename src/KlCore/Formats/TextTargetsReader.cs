namespace KlCore.Formats;

/// <summary>
/// Reads targets from text: a JSON array of whole numbers, or whole numbers with blanks, line ends or single commas between them. UTF-8 with an
/// optional byte order mark.
/// </summary>
internal sealed class TextTargetsReader : TargetsReader
{
    private long _offset, _numberStart, _value;
    private int _markLength, _digits;
    private bool _json, _closed, _negative, _inNumber, _comma = true;

    /// <inheritdoc/>
    public override void Append(ReadOnlySpan<byte> bytes)
    {
        foreach (var next in bytes)
        {
            Take(next);
            _offset++;
        }
    }

    private protected override void Finish()
    {
        if (_markLength is 1 or 2) throw Bad("the data must be UTF-8");
        EndNumber();
        if (_json && !_closed) throw Bad("an array must end with ]");
        if (Count == 0) throw new MalformedDataException("empty", "there must be at least one target, there was none", _offset);
        if (_comma && !_json) throw Bad("a number must follow a comma");
    }

    private void Take(byte next)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        if (_offset == _markLength && _markLength < 3 && next == mark[_markLength]) _markLength++;
        else if (_markLength is 1 or 2) throw Bad("the data must be UTF-8");
        else if (_inNumber && next is >= (byte)'0' and <= (byte)'9') Digit(next - '0');
        else if (next is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') EndNumber();
        else if (_closed) throw Bad("nothing may follow the array");
        else if (next == (byte)',') Comma();
        else if (next == (byte)']' && _json) Close();
        else if (next == (byte)'[' && !_json && Count == 0 && !_inNumber) _json = true;
        else if (next is (byte)'-' or (>= (byte)'0' and <= (byte)'9') && !_inNumber) Begin(next);
        else throw Bad("targets must be whole numbers with blanks or single commas between them, or a JSON array of them; they may not be nested");
    }

    private void Begin(byte next)
    {
        if (_json && !_comma) throw Bad("a comma must stand between two numbers");
        (_inNumber, _comma, _negative, _value, _digits, _numberStart) = (true, false, next == (byte)'-', 0, 0, _offset);
        if (!_negative) Digit(next - '0');
    }

    private void Digit(int digit)
    {
        if (_json && _digits == 1 && _value == 0) throw Bad("a JSON number must not begin with a zero");
        // Far above what is allowed, the value need not be exact.
        _value = Math.Min(_value * 10 + digit, 1_000_000_000_000_000);
        _digits = Math.Min(_digits + 1, 2);
    }

    private void EndNumber()
    {
        if (!_inNumber) return;
        if (_digits == 0) throw Bad("a digit must follow a minus sign");
        Numbers.Add(_negative ? -_value : _value, _numberStart);
        _inNumber = false;
    }

    private void Comma()
    {
        EndNumber();
        if (_comma) throw Bad("a number must stand before a comma");
        _comma = true;
    }

    private void Close()
    {
        EndNumber();
        if (_comma && Count > 0) throw Bad("a number must follow a comma");
        _closed = true;
    }

    private MalformedDataException Bad(string message) => new("targets-text", message, _offset);
}
