namespace KlCore.Formats;

/// <summary>
/// Reads rows of logits from a NumPy array (.npy, versions 1 to 3) of f2, f4 or f8 in either order of bytes. The last dimension is the
/// vocabulary, the others are flattened into rows; an array of one dimension is one row. Arrays in C order stream; those in Fortran order
/// are kept until they are whole, up to <see cref="MaximumFortranBytes"/>.
/// </summary>
public sealed class NpyLogitsReader : RawLogitsReader
{
    /// <summary>The most bytes of numbers that are read of an array in Fortran order: 64 MiB.</summary>
    public const int MaximumFortranBytes = 64 << 20;

    private readonly NpyStart _start = new();
    private FortranArray? _fortran;

    /// <inheritdoc/>
    public override long DirectBytes => _fortran is null ? base.DirectBytes : 0;

    private protected override string Name => "npy";

    private protected override int ReadHeader(ReadOnlySpan<byte> source)
    {
        var taken = _start.Take(source);
        if (_start.Header is { } header) Begin(header);
        return taken;
    }

    private protected override void ReadRows(ReadOnlySpan<byte> source, Span<byte> rows, out int taken, out int written)
    {
        if (_fortran is null) base.ReadRows(source, rows, out taken, out written);
        else _fortran.Read(source, rows, out taken, out written);
    }

    private void Begin(NpyHeader header)
    {
        var (shape, at) = (header.Shape, header.DataOffset);
        if (header.Element.Kind != 'f')
            throw new MalformedDataException("npy-type", $"logits must be of type f2, f4 or f8, are of type '{header.Element}'", at);
        if (shape.Count == 0) throw new MalformedDataException("npy-shape", "the array must have at least one dimension, it has none", at);
        var logits = LogitsShapes.Of(
            LogitsFormat.Npy, header.Element.Size switch { 2 => ElementType.F16, 4 => ElementType.F32, _ => ElementType.F64 }, shape, at);
        var bytes = header.Count * header.Element.Size;
        // A single row is the same in both orders.
        if (header.FortranOrder && shape.Count > 1 && logits.Rows > 1)
        {
            if (bytes > MaximumFortranBytes)
                throw new NotComputableException(
                    "fortran-order-not-streamable",
                    $"An array in Fortran order must have at most {MaximumFortranBytes} bytes, it has {bytes}: its rows are whole only at its end. "
                    + "numpy.ascontiguousarray turns it into C order.");
            _fortran = new FortranArray(shape, header.Element.Size, header.Element.BigEndian, (int)bytes);
        }
        Begin(logits, at, header.Element.BigEndian);
    }
}
