using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using KlCore.Formats;

namespace KlCore.Tests.Formats;

public class LogitsWriterTests
{
    private static LogitsShape Shape(ElementType element, int vocabulary, long rows) =>
        new(LogitsFormat.Npy, element, vocabulary, rows) { DataType = element.ToString().ToLowerInvariant() };

    private static byte[] Rows(ElementType element, params double[] values) => element switch
    {
        ElementType.F64 => MemoryMarshal.AsBytes<double>(values).ToArray(),
        ElementType.F32 => MemoryMarshal.AsBytes<float>([.. values.Select(value => (float)value)]).ToArray(),
        ElementType.F16 => MemoryMarshal.AsBytes<Half>([.. values.Select(value => (Half)value)]).ToArray(),
        _ => MemoryMarshal.AsBytes<ushort>([.. values.Select(value => (ushort)(BitConverter.SingleToUInt32Bits((float)value) >> 16))]).ToArray(),
    };

    private static byte[] Write(LogitsFormat format, LogitsContent content, byte[] rows, int rowsAtOnce = 1000)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = LogitsWriter.Create(format, content);
        writer.Start(output);
        var step = rowsAtOnce * content.Source.RowBytes;
        for (var at = 0; at < rows.Length; at += step) writer.Write(rows.AsSpan(at, Math.Min(step, rows.Length - at)), output);
        writer.Complete();
        Assert.Equal(writer.Length ?? output.WrittenCount, output.WrittenCount);
        Assert.Equal(content.Rows, writer.RowsWritten);
        return output.WrittenSpan.ToArray();
    }

    public static TheoryData<LogitsFormat, ElementType, ElementType?> Combinations()
    {
        var data = new TheoryData<LogitsFormat, ElementType, ElementType?>();
        foreach (var from in Enum.GetValues<ElementType>())
            foreach (var to in (ElementType?[])[null, .. Enum.GetValues<ElementType>().Cast<ElementType?>()])
            {
                if (to != ElementType.Bf16) data.Add(LogitsFormat.Npy, from, to);
                data.Add(LogitsFormat.Safetensors, from, to);
                if (to is null or ElementType.F64) data.Add(LogitsFormat.JsonLines, from, to);
            }
        return data;
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Write_ThenRead_GivesTheSameNumbersAndTargets(LogitsFormat format, ElementType from, ElementType? to)
    {
        // Numbers that every type holds.
        double[] values = [1.5, -2.25, double.NegativeInfinity, 0, 3, -0.0, 100, -0.125, 7, 12, 13, 14, 5, 6, 7];
        foreach (var targets in (int[]?[])[null, [4, -1, 0]])
            foreach (var rowsAtOnce in (int[])[1, 3])
            {
                var content = new LogitsContent(Shape(from, 5, 3), 3) { Element = to, Targets = targets };
                var file = Write(format, content, Rows(from, values), rowsAtOnce);
                Assert.Equal(format, LogitsFormats.Sniff(file.AsSpan(0, 16)));
                var reader = format.Open();
                var rows = LogitsReading.Rows(reader, file);
                var expected = format == LogitsFormat.JsonLines ? ElementType.F64 : to ?? (format == LogitsFormat.Npy && from == ElementType.Bf16 ? ElementType.F32 : from);
                Assert.Equal((expected, 5, 3L), (reader.Shape!.Element, reader.Shape.Vocabulary, reader.RowsRead));
                Assert.Equal(values, LogitsReading.Numbers(expected, rows));
                Assert.Equal(LogitsWriter.Create(format, content).DataType, reader.Shape.DataType);
                Assert.Equal(format == LogitsFormat.Npy ? null : targets, reader.Targets);
            }
    }

    [Fact]
    public void Write_Npy_IsWhatNumPyWrites()
    {
        var written = 0;
        foreach (var golden in JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Reference", "logits.json"))).RootElement.EnumerateArray())
        {
            var name = golden.GetProperty("name").GetString()!;
            if (!name.EndsWith("v1 c", StringComparison.Ordinal) || name[0] != '<') continue;
            var file = Convert.FromHexString(golden.GetProperty("file").GetString()!);
            var reader = new NpyLogitsReader();
            var rows = LogitsReading.Rows(reader, file);
            Assert.Equal(file, Write(LogitsFormat.Npy, new LogitsContent(reader.Shape!, 4), rows));
            written++;
        }
        Assert.Equal(3, written);
    }

    [Fact]
    public void Write_Safetensors_LiesAtMultiplesOfTheNumbersSizes()
    {
        var f32 = Write(LogitsFormat.Safetensors, new LogitsContent(Shape(ElementType.F32, 2, 1), 1) { Targets = [1] }, Rows(ElementType.F32, 1, 2));
        var text = """{"targets":{"dtype":"I32","shape":[1],"data_offsets":[0,4]},"logits":{"dtype":"F32","shape":[1,2],"data_offsets":[4,12]}}""";
        text = text.PadRight((text.Length + 7) / 8 * 8);
        Assert.Equal([.. BitConverter.GetBytes((long)text.Length), .. Encoding.ASCII.GetBytes(text), 1, 0, 0, 0, 0, 0, 128, 63, 0, 0, 0, 64], f32);
        var f64 = Write(LogitsFormat.Safetensors, new LogitsContent(Shape(ElementType.F64, 1, 1), 1) { Targets = [0] }, Rows(ElementType.F64, 1));
        Assert.Contains("\"targets\":{\"dtype\":\"I64\"", Encoding.ASCII.GetString(f64, 8, 100));
    }

    [Fact]
    public void Write_JsonLines_AreTheShortestNumbersAndNamedTargets()
    {
        var content = new LogitsContent(Shape(ElementType.F64, 3, 2), 2);
        var rows = Rows(ElementType.F64, 0.1, double.NegativeInfinity, 1e300, -0.0, 12345678901234567890.0, 5e-324);
        Assert.Equal("[0.1,\"-Infinity\",1E+300]\n[-0,1.2345678901234567E+19,5E-324]\n", Encoding.ASCII.GetString(Write(LogitsFormat.JsonLines, content, rows)));
        Assert.Equal(
            "{\"logits\":[0.1,\"-Infinity\",1E+300],\"target\":2}\n{\"logits\":[-0,1.2345678901234567E+19,5E-324],\"target\":null}\n",
            Encoding.ASCII.GetString(Write(LogitsFormat.JsonLines, content with { Targets = [2, -1] }, rows)));
    }

    [Fact]
    public void Write_JsonLinesOfRandomBits_AreReadBackToTheLastBit()
    {
        var random = new Random(8);
        var values = Enumerable.Range(0, 3000).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64())).Where(double.IsFinite).Take(2000).ToArray();
        var file = Write(LogitsFormat.JsonLines, new LogitsContent(Shape(ElementType.F64, 1000, 2), 2), Rows(ElementType.F64, values));
        Assert.Equal(values, LogitsReading.Numbers(ElementType.F64, LogitsReading.Rows(new JsonLogitsReader(), file)));
    }

    [Fact]
    public void Write_Kld_IsTheGoldenRowsInLlamasLayout()
    {
        foreach (var golden in KldRowTests.GoldenRows())
        {
            // Two chunks of two rows: n_ctx = 6, of which the tokens at 4 and 5 are targets.
            var vocabulary = golden.Logits.Length;
            int[] targets = [0, vocabulary - 1, vocabulary / 2, 0];
            var content = new LogitsContent(Shape(ElementType.F32, vocabulary, 4), 4) { Targets = targets, ChunkRows = 2 };
            var rows = MemoryMarshal.AsBytes<float>([.. Enumerable.Repeat(golden.Logits, 4).SelectMany(row => row)]).ToArray();
            var file = Write(LogitsFormat.Kld, content, rows);
            var expected = KldLogitsReaderTests.File(6, vocabulary, 2, [.. Enumerable.Repeat((golden.Scale, golden.Minimum, golden.Quantized), 4)]);
            MemoryMarshal.AsBytes<int>([0, 0, 0, 0, targets[0], targets[1], 0, 0, 0, 0, targets[2], targets[3]]).CopyTo(expected.AsSpan(20));
            Assert.Equal(expected, file);
            var reader = new KldLogitsReader();
            LogitsReading.Rows(reader, file);
            Assert.Equal(targets, reader.Targets);
            Assert.Equal(2, reader.Shape!.ChunkRows);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(null)]
    public void Write_Kld_GivesTargetsAndChunksBack(int? chunk)
    {
        int[] targets = [3, 1, 4, 1, 5, 6];
        var content = new LogitsContent(Shape(ElementType.F64, 7, 6), 6) { Targets = targets, ChunkRows = chunk };
        var reader = new KldLogitsReader();
        LogitsReading.Rows(reader, Write(LogitsFormat.Kld, content, Rows(ElementType.F64, [.. Enumerable.Range(0, 42).Select(i => i / 3.0)])));
        Assert.Equal((6L, chunk ?? 6), (reader.Shape!.Rows, reader.Shape.ChunkRows));
        Assert.Equal(targets, reader.Targets);
    }

    public static TheoryData<LogitsFormat, string, LogitsContent> Refused()
    {
        var content = new LogitsContent(Shape(ElementType.F32, 2, 4), 4) { Targets = [0, 1, 0, 1], ChunkRows = 2 };
        return new()
        {
            { LogitsFormat.Npy, "type-not-supported", content with { Element = ElementType.Bf16 } },
            { LogitsFormat.Kld, "type-not-supported", content with { Element = ElementType.F32 } },
            { LogitsFormat.JsonLines, "type-not-supported", content with { Element = ElementType.F16 } },
            { LogitsFormat.Kld, "targets-required", content with { Targets = null } },
            { LogitsFormat.Kld, "targets-required", content with { Targets = [0, -1, 0, 0] } },
            { LogitsFormat.Kld, "targets-required", content with { Targets = [0, 2, 0, 0] } },
            { LogitsFormat.Kld, "rows-not-whole-chunks", content with { ChunkRows = 3 } },
            { LogitsFormat.Kld, "rows-not-whole-chunks", content with { ChunkRows = 0 } },
            { LogitsFormat.Kld, "too-many-tokens", content with { Rows = 1 << 30, ChunkRows = 1 << 20, Targets = null } },
            { LogitsFormat.Npy, "targets-length", content with { Targets = [0] } },
        };
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Create_ForWhatTheFormatCannotHold_IsNotComputable(LogitsFormat format, string code, LogitsContent content) =>
        Assert.Equal(code, Assert.Throws<NotComputableException>(() => LogitsWriter.Create(format, content)).Code);

    [Theory]
    [InlineData(LogitsFormat.Npy, 70000.0, "logit-out-of-range")]
    [InlineData(LogitsFormat.Safetensors, 70000.0, "logit-out-of-range")]
    [InlineData(LogitsFormat.JsonLines, double.NaN, "logit-not-finite")]
    [InlineData(LogitsFormat.JsonLines, double.PositiveInfinity, "logit-not-finite")]
    [InlineData(LogitsFormat.Kld, 1e39, "logit-out-of-range")]
    public void Write_ALogitWithoutAPlace_NamesRowAndToken(LogitsFormat format, double value, string code)
    {
        const int Vocabulary = 5000;
        var rows = new double[2 * Vocabulary];
        rows[Vocabulary + 4999] = value;
        var content = new LogitsContent(Shape(ElementType.F64, Vocabulary, 2), 2)
        {
            Targets = [0, 0],
            Element = format is LogitsFormat.Npy or LogitsFormat.Safetensors ? ElementType.F16 : null,
        };
        var error = Assert.Throws<NotComputableException>(() => Write(format, content, Rows(ElementType.F64, rows)));
        Assert.Equal(code, error.Code);
        Assert.Contains("Row 1, token 4999", error.Message);
    }

    [Fact]
    public void Write_OtherThanAnnounced_IsAMistakeOfTheCaller()
    {
        var content = new LogitsContent(Shape(ElementType.F32, 2, 1), 1);
        var output = new ArrayBufferWriter<byte>();
        var writer = LogitsWriter.Create(LogitsFormat.Npy, content);
        Assert.Throws<InvalidOperationException>(writer.Complete);
        Assert.Throws<ArgumentException>(() => writer.Write(new byte[4], output));
        writer.Write(new byte[8], output);
        Assert.Throws<ArgumentException>(() => writer.Write(new byte[8], output));
        writer.Complete();
    }

    [Fact]
    public void Start_OfAKldWithManyTokens_ComesInPieces()
    {
        var content = new LogitsContent(Shape(ElementType.F32, 3, 100_000), 100_000) { Targets = [.. Enumerable.Range(0, 100_000).Select(row => row % 3)], ChunkRows = 50_000 };
        var whole = new ArrayBufferWriter<byte>();
        LogitsWriter.Create(LogitsFormat.Kld, content).Start(whole);
        var (pieces, writer, last) = (new ArrayBufferWriter<byte>(), LogitsWriter.Create(LogitsFormat.Kld, content), 0);
        for (var more = true; more; last = pieces.WrittenCount)
        {
            more = writer.StartSome(pieces);
            Assert.InRange(pieces.WrittenCount - last, 1, 100_000);
        }

        Assert.Equal(20 + 4 * 2 * 100_002, whole.WrittenCount);
        Assert.True(whole.WrittenSpan.SequenceEqual(pieces.WrittenSpan));
    }

    [Fact]
    public void Write_Streaming_AllocatesNothingPerRow()
    {
        foreach (var format in Enum.GetValues<LogitsFormat>())
        {
            var content = new LogitsContent(Shape(ElementType.F32, 1000, 400), 400) { Targets = new int[400] };
            var writer = LogitsWriter.Create(format, content);
            var output = new ArrayBufferWriter<byte>(12_000_000);
            var rows = new byte[4000 * 100];
            writer.Start(output);
            writer.Write(rows, output);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 3; i++) writer.Write(rows, output);
            // A pool that the collector has emptied in between makes a buffer or two anew; 300 rows that each took one would be a megabyte.
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000);
        }
    }
}
