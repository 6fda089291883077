using System.Text;
using KlCore.Formats;

namespace KlCore.Tests.Formats;

public class SafetensorsLogitsReaderTests
{
    /// <summary>A file by hand: the length, the text, the data.</summary>
    internal static byte[] File(string header, params byte[] data) => [.. BitConverter.GetBytes((long)Encoding.UTF8.GetByteCount(header)), .. Encoding.UTF8.GetBytes(header), .. data];

    private static SafetensorsLogitsReader Open() => new();

    private static string Tensor(string type, string shape, long begin, long end) => $$"""{"dtype":"{{type}}","shape":[{{shape}}],"data_offsets":[{{begin}},{{end}}]}""";

    [Theory]
    [InlineData("F64", "f64", "000000000000F03F 00000000000000C0 000000000000F0FF 0000000000000000")]
    [InlineData("F32", "f32", "0000803F 000000C0 000080FF 00000000")]
    [InlineData("F16", "f16", "003C 00C0 00FC 0000")]
    [InlineData("BF16", "bf16", "803F 00C0 80FF 0000")]
    public void Safetensors_EachFloatingType_GivesItsRows(string type, string name, string hex)
    {
        var data = Convert.FromHexString(hex.Replace(" ", ""));
        foreach (var shape in (string[])["2,2", "2,1,2", "1,2,1,2"])
        {
            var file = File($$"""{"x":{{Tensor(type, shape, 0, data.Length)}}}   """, data);
            var reader = Open();
            Assert.Equal([1, -2, double.NegativeInfinity, 0], LogitsReading.Numbers(Enum.Parse<ElementType>(name, true), LogitsReading.Rows(reader, file)));
            Assert.Equal((LogitsFormat.Safetensors, 2, 2L, name), (reader.Shape!.Format, reader.Shape.Vocabulary, reader.Shape.Rows, reader.Shape.DataType));
            LogitsReading.SameInPieces(Open, file);
        }
    }

    [Fact]
    public void Safetensors_OneOfManyTensors_IsChosenByNameOrByItsType()
    {
        var header = $$"""
            {"__metadata__":{"a":"b"},"last":{{Tensor("F16", "2", 13, 17)}},"scalar":{{Tensor("F32", "", 9, 13)}},"ids":{{Tensor("U8", "1,1", 0, 1)}},"first":{{Tensor("F32", "1,2", 1, 9)}}}
            """;
        var file = File(header, [9, 0, 0, 128, 63, 0, 0, 0, 64, 7, 7, 7, 7, 0, 60, 0, 64]);
        foreach (var (name, element) in ((string, ElementType)[])[("first", ElementType.F32), ("last", ElementType.F16)])
        {
            Assert.Equal([1, 2], LogitsReading.Numbers(element, LogitsReading.Rows(new SafetensorsLogitsReader(name), file)));
            LogitsReading.SameInPieces(() => new SafetensorsLogitsReader(name), file);
        }
        var error = LogitsReading.Failure(Open, file);
        Assert.Equal("tensor-not-found", error.Code);
        Assert.Contains("holds 2. There are: \"ids\" U8 [1, 1], \"first\" F32 [1, 2], \"scalar\" F32 [], \"last\" F16 [2]", error.Message);
        Assert.Equal("tensor-not-found", LogitsReading.Failure(() => new SafetensorsLogitsReader("none"), file).Code);
        Assert.Equal("tensor-type", LogitsReading.Failure(() => new SafetensorsLogitsReader("ids"), file).Code);
        Assert.Equal("tensor-type", LogitsReading.Failure(() => new SafetensorsLogitsReader("scalar"), file).Code);
    }

    [Theory]
    [InlineData("I32", 0)]
    [InlineData("I64", 0)]
    [InlineData("I32", 1)]
    [InlineData("I64", 1)]
    public void Safetensors_TensorNamedTargets_HoldsTheTargets(string type, int place)
    {
        byte[] rows = [.. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(2f)];
        byte[] targets = type == "I32" ? [.. BitConverter.GetBytes(7), .. BitConverter.GetBytes(-100)] : [.. BitConverter.GetBytes(7L), .. BitConverter.GetBytes(-1L)];
        var (from, to) = place == 0 ? (targets.Length, 0) : (0, 8);
        var file = File(
            $$"""{"targets":{{Tensor(type, "2", to, to + targets.Length)}},"x":{{Tensor("F32", "2,1", from, from + 8)}}}""",
            place == 0 ? [.. targets, .. rows] : [.. rows, .. targets]);
        var reader = Open();
        LogitsReading.Rows(reader, file);
        Assert.Equal([7, -1], reader.Targets);
        LogitsReading.SameInPieces(Open, file);
        file[place == 0 ? file.Length - 9 : file.Length - 1] = 0x80;
        Assert.Equal("target", LogitsReading.Failure(Open, file).Code);
    }

    [Fact]
    public void Safetensors_TargetsOfAnotherLength_AreNone()
    {
        var reader = Open();
        LogitsReading.Rows(reader, File($$"""{"targets":{{Tensor("I32", "1", 0, 4)}},"x":{{Tensor("F32", "2,1", 4, 12)}}}""", new byte[12]));
        Assert.Null(reader.Targets);
    }

    public static TheoryData<string, string> BadHeaders() => new()
    {
        { "[]", "safetensors-header" },
        { "  ", "safetensors-header" },
        { "{}x", "safetensors-header" },
        { " {}", "safetensors-header" },
        { "{\"x\":", "safetensors-header" },
        { "{\"x\":3}", "safetensors-header" },
        { "{\"\\ud800\":3}", "safetensors-header" },
        { "{\"x\":{\"dtype\":3}}", "safetensors-header" },
        { "{\"x\":{\"dtype\":\"F32\",\"shape\":[4]}}", "safetensors-header" },
        { "{\"x\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0]}}", "safetensors-shape" },
        { "{\"x\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16,16]}}", "safetensors-shape" },
        { "{\"x\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16],\"more\":1}}", "safetensors-header" },
        { "{\"x\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}", "safetensors-header" },
        { $$"""{"x":{{Tensor("F99", "4", 0, 16)}}}""", "safetensors-type" },
        { $$"""{"x":{{Tensor("F32", "5", 0, 16)}}}""", "safetensors-shape" },
        { $$"""{"x":{{Tensor("F32", "4.0", 0, 16)}}}""", "safetensors-shape" },
        { $$"""{"x":{{Tensor("F32", "-4", 0, 16)}}}""", "safetensors-shape" },
        { $$"""{"x":{{Tensor("F32", "-2,-2", 0, 16)}}}""", "safetensors-shape" },
        { $$"""{"x":{{Tensor("F32", "\"4\"", 0, 16)}}}""", "safetensors-shape" },
        { $$"""{"x":{{Tensor("F32", "[4]", 0, 16)}}}""", "safetensors-shape" },
        { $$"""{"x":{{Tensor("F32", "[[4]]", 0, 16)}}}""", "safetensors-shape" },
        { $$"""{"x":{{Tensor("F32", "99999999999999999999", 0, 16)}}}""", "safetensors-shape" },
        { $$"""{"x":{{Tensor("F32", "4294967296,4294967296,4", 0, 16)}}}""", "safetensors-shape" },
        { $$"""{"x":{{Tensor("F32", "4611686018427387908", 0, 16)}}}""", "safetensors-shape" },
        { $$"""{"x":{{Tensor("F32", "9223372036854775807,9223372036854775807", 0, 16)}}}""", "safetensors-shape" },
        { $$"""{"x":{{Tensor("F32", "9223372036854775807,9223372036854775807,0", 0, 0)}}}""", "safetensors-shape" },
        { $$"""{"x":{{Tensor("F32", "4", 16, 0)}}}""", "safetensors-shape" },
        { $$"""{"x":{{Tensor("F32", "4", -16, 0)}}}""", "safetensors-shape" },
        { $$"""{"x":{{Tensor("F4", "31", 0, 16)}}}""", "safetensors-shape" },
        { $$"""{"x":{{Tensor("F32", string.Join(',', Enumerable.Repeat("1", 65)), 0, 4)}}}""", "safetensors-shape" },
        { $$"""{"x":{{Tensor("F32", "4", 4, 20)}}}""", "safetensors-offsets" },
        { $$"""{"x":{{Tensor("F32", "2", 0, 8)}},"y":{{Tensor("F32", "2", 4, 12)}}}""", "safetensors-offsets" },
        { $$"""{"x":{{Tensor("F32", "2", 0, 8)}},"y":{{Tensor("F32", "2", 0, 8)}}}""", "safetensors-offsets" },
        { $$"""{"x":{{Tensor("F32", "1", 0, 4)}},"y":{{Tensor("F32", "2", 8, 16)}}}""", "safetensors-offsets" },
        { $$"""{"x":{{Tensor("F32", "2", 0, 8)}},"x":{{Tensor("F32", "2", 8, 16)}}}""", "safetensors-names" },
        { $$"""{"x":{{Tensor("F32", "2", 0, 8)}},"\u0078":{{Tensor("F32", "2", 8, 16)}}}""", "safetensors-names" },
        { "{\"__metadata__\":{\"a\":1}}", "safetensors-header" },
        { "{\"__metadata__\":[]}", "safetensors-header" },
        { "{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", "safetensors-names" },
        { "{\"__metadata__\":{},\"__metadata__\":{}}", "safetensors-names" },
        { "{" + string.Concat(Enumerable.Repeat("\"a\":{", 100_000)), "safetensors-header" },
        { "{\"a\":" + new string('[', 100_000), "safetensors-header" },
        { "{}", "tensor-not-found" },
        { $$"""{"x":{{Tensor("F32", "0,4", 0, 0)}}}""", "no-rows" },
        { $$"""{"x":{{Tensor("F32", "1,2097153", 0, 8388612)}}}""", "vocabulary-too-large" },
        { $$"""{"x":{{Tensor("F16", "2147483649,1", 0, 4294967298)}}}""", "too-many-rows" },
    };

    [Theory]
    [MemberData(nameof(BadHeaders))]
    public void Safetensors_BadHeader_IsRefused(string header, string code) => Assert.Equal(code, LogitsReading.Failure(Open, File(header, new byte[16])).Code);

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData((1UL << 20) + 1)]
    [InlineData(100_000_000UL)]
    [InlineData(1UL << 63)]
    [InlineData(ulong.MaxValue)]
    public void Safetensors_AnnouncedHeaderOutOfBounds_IsRefusedAtOnce(ulong length)
    {
        byte[] file = [.. BitConverter.GetBytes(length), .. "{}"u8];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("safetensors-header", LogitsReading.Failure(Open, file).Code);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Safetensors_HeaderLongerThanTheFile_IsTruncatedAndAllocatesNothingByIt()
    {
        byte[] file = [.. BitConverter.GetBytes(1L << 20), .. "{}"u8];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("safetensors-truncated", Assert.Throws<MalformedDataException>(() => LogitsReading.Drain(Open(), file, [])).Code);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 16);
    }

    [Fact]
    public void Safetensors_TenThousandTensors_AreTheMost()
    {
        string Header(int count) => "{" + string.Join(',', Enumerable.Range(0, count).Select(i => $"\"{i}\":" + Tensor("U8", "1", i, i + 1))) + "}";
        var file = File(Header(10_000), new byte[10_000]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<MalformedDataException>(() => LogitsReading.Drain(Open(), file, []));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 6 * file.Length + (1 << 20));
        Assert.Equal("tensor-not-found", error.Code);
        Assert.InRange(error.Message.Length, 100, 1000);
        Assert.EndsWith("and 9980 more", error.Message.Split(" (byte")[0]);
        Assert.Equal("safetensors-header", Assert.Throws<MalformedDataException>(() => LogitsReading.Drain(Open(), File(Header(10_001), new byte[10_001]), [])).Code);
    }

    [Fact]
    public void Safetensors_AnyTruncationAndAnythingMore_IsRefused()
    {
        var file = File($$"""{"a":{{Tensor("U8", "3", 0, 3)}},"x":{{Tensor("F32", "2,2", 3, 19)}},"z":{{Tensor("I64", "1", 19, 27)}}}""", new byte[27]);
        var start = file.Length - 27;
        Assert.Equal(16, LogitsReading.Rows(Open(), file).Length);
        for (var length = 0; length < file.Length; length++)
        {
            var error = LogitsReading.Failure(Open, file[..length]);
            Assert.Equal((length == 0 ? "empty" : "safetensors-truncated", (long)length), (error.Code, error.Offset));
            if (length >= start) Assert.Contains($"{Math.Clamp((length - start - 3) / 8, 0, 2)} of 2 rows", error.Message);
        }
        Assert.Equal(("safetensors-trailing", (long)file.Length), LogitsReading.Failure(Open, [.. file, 0]) is var more ? (more.Code, more.Offset) : default);
    }

    [Fact]
    public void Safetensors_RowsAloneMayBeReadPastTheReader()
    {
        var file = File($$"""{"a":{{Tensor("U8", "3", 0, 3)}},"x":{{Tensor("F32", "2,2", 3, 19)}},"z":{{Tensor("I64", "1", 19, 27)}}}""", new byte[27]);
        var reader = Open();
        reader.Read(file, [], out var header, out _);
        Assert.Equal((file.Length - 27, 0L), (header, reader.DirectBytes));
        reader.Read(file.AsSpan(header), [], out var skipped, out _);
        Assert.Equal((3, 16L), (skipped, reader.DirectBytes));
        reader.TookDirectly(16);
        Assert.Equal((0L, 2L), (reader.DirectBytes, reader.RowsRead));
        Assert.Throws<MalformedDataException>(reader.Complete);
        reader.Read(file.AsSpan(header + 19), [], out _, out _);
        reader.Complete();
    }
}
