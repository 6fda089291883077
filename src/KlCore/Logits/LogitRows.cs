using KlCore.Formats;

namespace KlCore.Logits;

/// <summary>Rows of logits in memory, one after the other without gaps.</summary>
/// <param name="Bytes">The rows, least significant byte first.</param>
/// <param name="Element">How one logit is stored.</param>
/// <param name="Vocabulary">Logits per row.</param>
public readonly record struct LogitRows(ReadOnlyMemory<byte> Bytes, ElementType Element, int Vocabulary)
{
    /// <summary>Bytes of one row.</summary>
    public int RowBytes => Vocabulary * Element.Size();

    /// <summary>How many rows there are.</summary>
    public int Count => Bytes.Length / RowBytes;

    /// <summary>The bytes of one row.</summary>
    public ReadOnlySpan<byte> Row(int index) => Bytes.Span.Slice(index * RowBytes, RowBytes);
}
