using System.Buffers.Binary;

namespace KlCore.Formats;

/// <summary>
/// The header of what llama.cpp writes with <c>--kl-divergence-base</c>: "_logits_", then the length of a chunk in tokens, the vocabulary and the
/// number of chunks as 32-bit numbers. The tokens of all chunks follow, then for each chunk its scored rows. Only the second half of a chunk is
/// scored: row i is the distribution at position n/2 + i, and its target is the token at n/2 + 1 + i.
/// </summary>
/// <param name="Context">Tokens per chunk (n), at least 3.</param>
/// <param name="Vocabulary">Logits per row.</param>
/// <param name="Chunks">How many chunks.</param>
internal readonly record struct KldHeader(int Context, int Vocabulary, int Chunks)
{
    /// <summary>Bytes of the header.</summary>
    public const int Length = 20;

    /// <summary>What a file begins with.</summary>
    public static ReadOnlySpan<byte> Magic => "_logits_"u8;

    /// <summary>Scored rows per chunk: n - 1 - n/2, where the division leaves a whole number.</summary>
    public int ChunkRows => Context - 1 - Context / 2;

    /// <summary>Where in a chunk the target of its first row is.</summary>
    public int FirstTarget => Context / 2 + 1;

    /// <summary>Scored rows in all.</summary>
    public long Rows => (long)ChunkRows * Chunks;

    /// <summary>Tokens in all.</summary>
    public long Tokens => (long)Context * Chunks;

    /// <summary>Bytes of one row: two 32-bit numbers, then 16 bits per token, filled up to whole 32 bits.</summary>
    public int RowLength => 8 + 4 * ((Vocabulary + 1) / 2);

    /// <summary>Bytes of the whole file; within 64 bits for a header that was checked.</summary>
    public long FileLength => Length + 4 * Tokens + RowLength * Rows;

    /// <summary>Checks as much of the magic word as has arrived.</summary>
    public static void CheckMagic(ReadOnlySpan<byte> start)
    {
        var seen = Math.Min(start.Length, Magic.Length);
        var same = start.CommonPrefixLength(Magic);
        if (same < seen) throw new MalformedDataException("kld-magic", "a file of llama.cpp's log-probabilities must begin with _logits_", same);
    }

    /// <summary>Reads the header and checks that it announces something that can be read.</summary>
    public static KldHeader Parse(ReadOnlySpan<byte> start)
    {
        var header = new KldHeader(
            BinaryPrimitives.ReadInt32LittleEndian(start[8..]), BinaryPrimitives.ReadInt32LittleEndian(start[12..]), BinaryPrimitives.ReadInt32LittleEndian(start[16..]));
        if (header.Context < 3) throw new MalformedDataException("kld-header", $"n_ctx, the tokens per chunk, must be at least 3, was {header.Context}", 8);
        if (header.Vocabulary < 1) throw new MalformedDataException("kld-header", $"n_vocab must be at least 1, was {header.Vocabulary}", 12);
        if (header.Chunks < 1) throw new MalformedDataException("kld-header", $"n_chunk must be at least 1, was {header.Chunks}", 16);
        if (header.Tokens > int.MaxValue)
            throw new MalformedDataException("too-many-rows", $"there must be at most {int.MaxValue} tokens, {header.Tokens} are announced", 8);
        return header;
    }

    /// <summary>What the rows are once they are decoded.</summary>
    public LogitsShape Shape() =>
        LogitsShapes.Of(LogitsFormat.Kld, ElementType.F32, Vocabulary, Rows, 12) with { ChunkRows = ChunkRows, DataType = "u16" };
}
