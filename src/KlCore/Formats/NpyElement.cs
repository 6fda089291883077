using System.Buffers.Binary;

namespace KlCore.Formats;

/// <summary>The type of the elements of a .npy file: a kind (f, i, u or b), a size in bytes, and the order of its bytes.</summary>
public readonly record struct NpyElement
{
    private NpyElement(char kind, int size, bool bigEndian) => (Kind, Size, BigEndian) = (kind, size, bigEndian);

    /// <summary>'f' for floating point, 'i' and 'u' for whole numbers with and without sign, 'b' for true and false.</summary>
    public char Kind { get; }

    /// <summary>Bytes per element: 2, 4, 8 for 'f'; 1, 2, 4, 8 for 'i' and 'u'; 1 for 'b'.</summary>
    public int Size { get; }

    /// <summary>Whether the most significant byte comes first.</summary>
    public bool BigEndian { get; }

    /// <summary>As NumPy writes it, for example "&lt;f4".</summary>
    public override string ToString() => $"{(Size == 1 ? '|' : BigEndian ? '>' : '<')}{Kind}{Size}";

    /// <summary>Reads a type as NumPy writes it. Everything but plain numbers is refused: objects would be code, records and text are no numbers.</summary>
    internal static NpyElement Parse(string description, long offset)
    {
        var order = description.Length > 0 ? description[0] : ' ';
        var known = order is '<' or '>' or '=' or '|' && description[1..] is
            "f2" or "f4" or "f8" or "i1" or "i2" or "i4" or "i8" or "u1" or "u2" or "u4" or "u8" or "b1";
        // '|' says that the order of the bytes does not matter, which is so for one byte only.
        if (!known || (order == '|' && description[2] != '1'))
        {
            // What libraries for bfloat16 leave in a .npy file is two bytes without a meaning.
            var hint = description is "<V2" or "|V2" or "bfloat16" ? "; bfloat16 has no type in .npy: save float32, or safetensors" : "";
            throw new MalformedDataException(
                "npy-type", $"the elements must be numbers (f2 f4 f8, i1 to i8, u1 to u8, b1), are of type '{Shorten(description)}'{hint}", offset);
        }
        return new NpyElement(description[1], description[2] - '0', order == '>');
    }

    /// <summary>
    /// Writes each element as a double; 64-bit whole numbers beyond 2^53 are rounded to the nearest. <paramref name="values"/> has as many places
    /// as <paramref name="bytes"/> has elements.
    /// </summary>
    public void Decode(ReadOnlySpan<byte> bytes, Span<double> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var at = bytes.Slice(i * Size, Size);
            values[i] = (Kind, Size, BigEndian) switch
            {
                ('f', 4, false) => BinaryPrimitives.ReadSingleLittleEndian(at),
                ('f', 4, true) => BinaryPrimitives.ReadSingleBigEndian(at),
                ('f', 8, false) => BinaryPrimitives.ReadDoubleLittleEndian(at),
                ('f', 8, true) => BinaryPrimitives.ReadDoubleBigEndian(at),
                ('f', _, false) => (double)BinaryPrimitives.ReadHalfLittleEndian(at),
                ('f', _, true) => (double)BinaryPrimitives.ReadHalfBigEndian(at),
                ('b', _, _) => at[0] == 0 ? 0 : 1,
                ('i', _, _) => Signed(at),
                _ => Unsigned(at),
            };
        }
    }

    /// <summary>Reads one element of a kind without a fraction.</summary>
    internal Int128 Whole(ReadOnlySpan<byte> at) => Kind == 'i' ? Signed(at) : Unsigned(at);

    private static string Shorten(string text) => text.Length <= 20 ? text : string.Concat(text.AsSpan(0, 20), "…");

    private long Signed(ReadOnlySpan<byte> at) => Size switch
    {
        1 => (sbyte)at[0],
        2 => BigEndian ? BinaryPrimitives.ReadInt16BigEndian(at) : BinaryPrimitives.ReadInt16LittleEndian(at),
        4 => BigEndian ? BinaryPrimitives.ReadInt32BigEndian(at) : BinaryPrimitives.ReadInt32LittleEndian(at),
        _ => BigEndian ? BinaryPrimitives.ReadInt64BigEndian(at) : BinaryPrimitives.ReadInt64LittleEndian(at),
    };

    private ulong Unsigned(ReadOnlySpan<byte> at) => Size switch
    {
        1 => at[0],
        2 => BigEndian ? BinaryPrimitives.ReadUInt16BigEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at),
        4 => BigEndian ? BinaryPrimitives.ReadUInt32BigEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at),
        _ => BigEndian ? BinaryPrimitives.ReadUInt64BigEndian(at) : BinaryPrimitives.ReadUInt64LittleEndian(at),
    };
}
