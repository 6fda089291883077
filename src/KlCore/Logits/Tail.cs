using KlCore.Formats;

namespace KlCore.Logits;

/// <summary>The last logits of a row, which do not fill a vector, filled up with -Infinity.</summary>
internal static class Tail
{
    /// <summary>The most bytes that a vector reads.</summary>
    public const int Size = 64;

    /// <summary>Copies what is left and fills the rest.</summary>
    public static void Fill(ReadOnlySpan<byte> rest, ElementType element, Span<byte> tail)
    {
        ReadOnlySpan<byte> none = element switch
        {
            ElementType.F32 => [0x00, 0x00, 0x80, 0xFF],
            ElementType.F16 => [0x00, 0xFC],
            _ => [0x80, 0xFF],
        };
        rest.CopyTo(tail);
        for (var i = rest.Length; i < tail.Length; i += none.Length) none.CopyTo(tail[i..]);
    }
}
