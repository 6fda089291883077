using System.Buffers.Binary;
using System.Runtime.InteropServices;
using KlCore.Formats;

namespace KlCore.Tests.Formats;

public class KldLogitsReaderTests
{
    /// <summary>A file by hand: chunks of <paramref name="context"/> tokens 0, 1, 2, … modulo the vocabulary, then rows.</summary>
    internal static byte[] File(int context, int vocabulary, int chunks, params (float Scale, float Minimum, ushort[] Quantized)[] rows)
    {
        var bytes = new List<byte>([.. "_logits_"u8, .. BitConverter.GetBytes(context), .. BitConverter.GetBytes(vocabulary), .. BitConverter.GetBytes(chunks)]);
        for (var token = 0; token < context * chunks; token++) bytes.AddRange(BitConverter.GetBytes(token % vocabulary));
        foreach (var (scale, minimum, quantized) in rows)
        {
            bytes.AddRange([.. BitConverter.GetBytes(scale), .. BitConverter.GetBytes(minimum), .. MemoryMarshal.AsBytes<ushort>(quantized)]);
            if (vocabulary % 2 == 1) bytes.AddRange([0, 0]);
        }
        return [.. bytes];
    }

    private static readonly byte[] Odd = File(
        6, 3, 2, (1e-4f, -12f, [0, 1, 65535]), (0f, -1.0986123f, [0, 0, 0]), (16 / 65535f, -16.5f, [65535, 0, 30000]), (1f / 2048, 1f, [2048, 1024, 512]));

    private static KldLogitsReader Open() => new();

    [Fact]
    public void Kld_EachRow_IsDecodedInSinglePrecision()
    {
        var reader = Open();
        var rows = LogitsReading.Numbers(ElementType.F32, LogitsReading.Rows(reader, Odd));
        Assert.Equal((LogitsFormat.Kld, ElementType.F32, 3, 4L, 2, "u16"),
            (reader.Shape!.Format, reader.Shape.Element, reader.Shape.Vocabulary, reader.Shape.Rows, reader.Shape.ChunkRows, reader.Shape.DataType));
        // 1e-4f * 65535 = 6.5535000… in 32 bits; the sums are rounded to 32 bits.
        Assert.Equal([-12, (float)(-12 + (double)1e-4f), (float)((float)(1e-4f * 65535.0) - 12.0)], rows[..3]);
        Assert.Equal([-1.0986123f, -1.0986123f, -1.0986123f], rows[3..6]);
        Assert.Equal([-0.5, -16.5], rows[6..8]);
        Assert.Equal([2, 1.5, 1.25], rows[9..]);
        LogitsReading.SameInPieces(Open, Odd);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(4, 1)]
    [InlineData(5, 2)]
    [InlineData(6, 2)]
    [InlineData(9, 4)]
    public void Kld_Targets_AreTheTokensOfTheSecondHalfOfEachChunk(int context, int rows)
    {
        var reader = Open();
        var file = File(context, 100, 3, [.. Enumerable.Repeat((1e-4f, -9f, new ushort[100]), 3 * rows)]);
        LogitsReading.Rows(reader, file);
        var expected = from chunk in Enumerable.Range(0, 3) from row in Enumerable.Range(0, rows) select chunk * context + context / 2 + 1 + row;
        Assert.Equal(expected, reader.Targets);
        Assert.Equal(Enumerable.Range(0, 3 * context), reader.Tokens);
        Assert.Equal(expected.Last(), reader.Targets![3 * rows - 1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Targets[3 * rows]);
        LogitsReading.SameInPieces(Open, file);
    }

    [Fact]
    public void Kld_AllTargets_AreKnownBeforeTheFirstRow()
    {
        var reader = Open();
        reader.Read(Odd, [], out var header, out _);
        Assert.Empty(reader.Targets!);
        reader.Read(Odd.AsSpan(header), [], out var tokens, out _);
        Assert.Equal((20, 48 + 8, 0L), (header, tokens, reader.RowsRead));
        Assert.Equal([1, 2, 1, 2], reader.Targets!);
    }

    [Fact]
    public void Kld_Window_IsInferredFromTheWidestRow()
    {
        foreach (var (scale, window) in ((float, int)[])[(0, 16), (16 / 65535f, 16), (16.5f / 65535f, 24), (24 / 65535f, 24)])
        {
            var reader = Open();
            LogitsReading.Rows(reader, File(4, 2, 2, (scale, -20, [0, 65535]), (0.0001f, -10, [0, 65535])));
            Assert.Equal(window, reader.Window);
        }
    }

    [Theory]
    [InlineData(float.NaN, -3f)]
    [InlineData(float.PositiveInfinity, -3f)]
    [InlineData(float.NegativeInfinity, -3f)]
    [InlineData(1e-4f, float.NaN)]
    [InlineData(1e-4f, float.PositiveInfinity)]
    [InlineData(1e-4f, float.NegativeInfinity)]
    public void Kld_ScaleOrMinimumThatIsNotFinite_GivesARowThatIsNoDistribution(float scale, float minimum)
    {
        var rows = LogitsReading.Numbers(ElementType.F32, LogitsReading.Rows(Open(), File(4, 2, 2, (scale, minimum, [0, 7]), (1f / 2048, 2, [2048, 4096]))));
        Assert.True(rows[..2].Any(value => double.IsNaN(value) || double.IsPositiveInfinity(value)) || rows[..2].All(double.IsNegativeInfinity));
        Assert.Equal([3, 4], rows[2..]);
    }

    public static TheoryData<int, int, int, string, long> BadHeaders() => new()
    {
        { -1, 3, 1, "kld-header", 8 },
        { int.MinValue, 3, 1, "kld-header", 8 },
        { 2, 3, 1, "kld-header", 8 },
        { 6, 0, 1, "kld-header", 12 },
        { 6, -3, 1, "kld-header", 12 },
        { 6, 3, 0, "kld-header", 16 },
        { 6, 3, -1, "kld-header", 16 },
        { 6, (1 << 21) + 1, 1, "vocabulary-too-large", 12 },
        { int.MaxValue, 3, int.MaxValue, "too-many-rows", 8 },
        { 65536, 3, 65536, "too-many-rows", 8 },
        { 1 << 30, 3, 4, "too-many-rows", 8 },
    };

    [Theory]
    [MemberData(nameof(BadHeaders))]
    public void Kld_BadHeader_IsRefused(int context, int vocabulary, int chunks, string code, long offset)
    {
        byte[] file = [.. "_logits_"u8, .. BitConverter.GetBytes(context), .. BitConverter.GetBytes(vocabulary), .. BitConverter.GetBytes(chunks), .. new byte[64]];
        var error = LogitsReading.Failure(Open, file);
        Assert.Equal((code, offset), (error.Code, error.Offset));
    }

    [Fact]
    public void Kld_OtherMagic_IsRefusedAtTheFirstWrongByte() =>
        Assert.Equal(("kld-magic", 4L), LogitsReading.Failure(Open, [.. "_logxts_"u8, .. new byte[90]]) is var error ? (error.Code, error.Offset) : default);

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void Kld_TokenOutsideTheVocabulary_IsRefusedByItsIndex(int token)
    {
        var file = (byte[])Odd.Clone();
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(20 + 4 * 7), token);
        var error = LogitsReading.Failure(Open, file);
        Assert.Equal(("kld-token", 48L), (error.Code, error.Offset));
        Assert.Contains($"token 7 is {token}", error.Message);
    }

    [Theory]
    [InlineData(-1e-4f)]
    [InlineData(1e-2f)]
    [InlineData(1e30f)]
    public void Kld_ScaleThatNoProgramWrites_IsRefused(float scale)
    {
        var error = LogitsReading.Failure(Open, File(4, 2, 2, (1e-4f, -9, [0, 1]), (scale, -9, [0, 1])));
        Assert.Equal(("kld-row", 20L + 32 + 12), (error.Code, error.Offset));
    }

    [Fact]
    public void Kld_AnyTruncation_IsRefusedWithTheNumberOfWholeRows()
    {
        for (var length = 0; length < Odd.Length; length++)
        {
            var error = LogitsReading.Failure(Open, Odd[..length]);
            Assert.Equal((length == 0 ? "empty" : "kld-truncated", (long)length), (error.Code, error.Offset));
            if (length >= 20) Assert.Contains($"{Math.Max(0, (length - 68 + 2) / 16)} of 4 rows are whole", error.Message);
        }
        Assert.Equal(("kld-trailing", (long)Odd.Length), LogitsReading.Failure(Open, [.. Odd, 0]) is var more ? (more.Code, more.Offset) : default);
    }

    [Fact]
    public void Kld_HugeAnnouncement_AllocatesOnlyWhatArrived()
    {
        byte[] file = [.. "_logits_"u8, .. BitConverter.GetBytes(1 << 20), .. BitConverter.GetBytes(1 << 21), .. BitConverter.GetBytes(2047), .. new byte[3_000_000]];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<MalformedDataException>(() => LogitsReading.Drain(Open(), file, []));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, file.Length + (1 << 20));
    }

    [Fact]
    public void Kld_Streaming_AllocatesNothingPerRow()
    {
        var file = File(202, 1000, 1, [.. Enumerable.Repeat((1e-4f, -9f, new ushort[1000]), 100)]);
        var buffer = new byte[1 << 14];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(100, LogitsReading.Drain(Open(), file, buffer));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8_000);
    }
}
