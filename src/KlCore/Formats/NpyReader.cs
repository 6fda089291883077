namespace KlCore.Formats;

/// <summary>
/// A NumPy array (.npy, versions 1 to 3) of one dimension (one column) or two (rows and columns), in C or Fortran order. The columns are
/// "0", "1", …; elements that are not finite count as missing. Exactly the announced bytes must come.
/// </summary>
public sealed class NpyReader : TableReader
{
    private const int Block = 1024;

    private readonly NpyStart _start = new();
    private readonly ColumnTallies _tallies = new();
    private readonly double[] _values = new double[Block];
    private readonly byte[] _open = new byte[8];
    private NpyHeader? _header;
    private long _received, _rows, _row;
    private int _columns, _column, _openLength;

    /// <summary>The header, once it has arrived.</summary>
    public NpyHeader? Header => _header;

    /// <inheritdoc/>
    public override void Append(ReadOnlySpan<byte> bytes)
    {
        if (_header is null)
        {
            var taken = _start.Take(bytes);
            _received += taken;
            bytes = bytes[taken..];
            if (_start.Header is { } header) Start(header);
        }
        if (_header is null || bytes.IsEmpty) return;
        var end = _header.DataOffset + _header.Count * _header.Element.Size;
        var rest = (int)Math.Min(end - _received, bytes.Length);
        Data(bytes[..rest], _header.Element);
        _received += rest;
        if (rest < bytes.Length)
            throw new MalformedDataException("npy-trailing", "nothing may follow the announced elements", end);
    }

    /// <inheritdoc/>
    public override TableShape Complete()
    {
        if (_header is null)
            throw new MalformedDataException(_received == 0 ? "empty" : "npy-truncated", "the data must hold a .npy header, it ends within it", _received);
        var end = _header.DataOffset + _header.Count * _header.Element.Size;
        if (_received < end)
            throw new MalformedDataException("npy-truncated", $"the header announces {end} bytes in all, there were {_received}", _received);
        return new TableShape(_rows, _tallies.Describe(Indices(_columns), numeric: true));
    }

    private void Start(NpyHeader header)
    {
        var shape = header.Shape;
        var at = header.DataOffset;
        if (shape.Count is not (1 or 2))
            throw new MalformedDataException("npy-shape", $"a table must have one or two dimensions, the array has {shape.Count}", at);
        if (header.Count == 0) throw new MalformedDataException("no-rows", "the array must hold at least one element, one of its dimensions is 0", at);
        if (shape.Count == 2 && shape[1] > MaximumColumns)
            throw new MalformedDataException("too-many-columns", $"a table must have at most {MaximumColumns} columns, the array has {shape[1]}", at);
        (_header, _rows, _columns) = (header, shape[0], shape.Count == 2 ? (int)shape[1] : 1);
    }

    private void Data(ReadOnlySpan<byte> bytes, NpyElement element)
    {
        if (_openLength > 0)
        {
            var taken = Math.Min(element.Size - _openLength, bytes.Length);
            bytes[..taken].CopyTo(_open.AsSpan(_openLength));
            _openLength += taken;
            bytes = bytes[taken..];
            if (_openLength < element.Size) return;
            Elements(_open.AsSpan(0, element.Size), element, 1);
            _openLength = 0;
        }
        while (bytes.Length >= element.Size)
        {
            var count = Math.Min(bytes.Length / element.Size, Block);
            Elements(bytes[..(count * element.Size)], element, count);
            bytes = bytes[(count * element.Size)..];
        }
        bytes.CopyTo(_open);
        _openLength = bytes.Length;
    }

    private void Elements(ReadOnlySpan<byte> bytes, NpyElement element, int count)
    {
        // Whole numbers are all finite: without a visitor there is nothing to see in them.
        if (Numbers is null && element.Kind != 'f') return;
        var values = _values.AsSpan(0, count);
        element.Decode(bytes, values);
        foreach (var value in values)
        {
            var finite = double.IsFinite(value);
            if (!finite) _tallies.Add(_column, CellKind.NotFinite);
            Numbers?.Invoke(_row, _column, finite ? value : double.NaN);
            Advance();
        }
    }

    private void Advance()
    {
        if (_header!.FortranOrder)
        {
            if (++_row == _rows) (_row, _column) = (0, _column + 1);
        }
        else if (++_column == _columns) (_row, _column) = (_row + 1, 0);
    }
}
