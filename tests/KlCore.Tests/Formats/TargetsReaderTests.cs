using System.Text;
using KlCore.Formats;
using static KlCore.Tests.Formats.NpyReaderTests;

namespace KlCore.Tests.Formats;

public class TargetsReaderTests
{
    private static int[] Read(TargetsFormat format, byte[] bytes, Func<int>? piece = null, string? tensor = null)
    {
        var reader = TargetsReader.Open(format, tensor);
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(piece?.Invoke() ?? int.MaxValue, bytes.Length - at);
            reader.Append(bytes.AsSpan(at, length));
            at += length;
        }
        return reader.Complete();
    }

    private static string Outcome(TargetsFormat format, byte[] bytes, Func<int>? piece = null)
    {
        try
        {
            return string.Join(' ', Read(format, bytes, piece));
        }
        catch (MalformedDataException error)
        {
            Assert.InRange(error.Offset, 0, bytes.Length);
            return $"{error.Code} {error.Offset} {error.Message}";
        }
    }

    private static void Same(TargetsFormat format, byte[] bytes)
    {
        foreach (var piece in (int[])[1, 3, 5, 50]) Assert.Equal(Outcome(format, bytes), Outcome(format, bytes, () => piece));
    }

    [Theory]
    [InlineData("|i1", "057FFF9C", 5, 127, -1, -1)]
    [InlineData("<i2", "0500FF7FFFFF9CFF", 5, 32767, -1, -1)]
    [InlineData(">i2", "00057FFFFFFFFF9C", 5, 32767, -1, -1)]
    [InlineData("<i4", "05000000FFFFFF7FFFFFFFFF9CFFFFFF", 5, int.MaxValue, -1, -1)]
    [InlineData(">i4", "000000057FFFFFFFFFFFFFFFFFFFFF9C", 5, int.MaxValue, -1, -1)]
    [InlineData("<i8", "0500000000000000FFFFFF7F00000000FFFFFFFFFFFFFFFF9CFFFFFFFFFFFFFF", 5, int.MaxValue, -1, -1)]
    [InlineData(">i8", "0000000000000005000000007FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF9C", 5, int.MaxValue, -1, -1)]
    [InlineData("|u1", "05FF0001", 5, 255, 0, 1)]
    [InlineData("<u2", "0500FFFF00000100", 5, 65535, 0, 1)]
    [InlineData(">u4", "000000057FFFFFFF0000000000000001", 5, int.MaxValue, 0, 1)]
    [InlineData("<u8", "0500000000000000FFFFFF7F0000000000000000000000000100000000000000", 5, int.MaxValue, 0, 1)]
    public void Npy_EachWholeType_GivesItsTargets(string descr, string hex, int a, int b, int c, int d)
    {
        foreach (var shape in (string[])["(4,)", "(2, 2)", "(1, 4, 1)"])
        {
            var file = File(Dictionary(descr, shape), Convert.FromHexString(hex));
            Assert.Equal([a, b, c, d], Read(TargetsFormat.Npy, file));
            Same(TargetsFormat.Npy, file);
        }
    }

    [Fact]
    public void Npy_FortranOrder_IsFlattenedAsNumPyFlattens()
    {
        // numpy.asfortranarray(numpy.arange(12).reshape(2, 3, 2)): the first index runs fastest.
        byte[] data = [0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11];
        Assert.Equal(Enumerable.Range(0, 12), Read(TargetsFormat.Npy, File(Dictionary("|u1", "(2, 3, 2)", "True"), data)));
    }

    [Theory]
    [InlineData("<i4", "FEFFFFFF", "is -2")]
    [InlineData("<i4", "00000080", "is -2147483648")]
    [InlineData("<u4", "00000080", "is 2147483648")]
    [InlineData("<i8", "0000008000000000", "is 2147483648")]
    [InlineData("<i8", "0000000000000080", "is -9223372036854775808")]
    [InlineData("<u8", "FFFFFFFFFFFFFFFF", "is 18446744073709551615")]
    public void Npy_TargetOutOfRange_IsRefusedByItsIndex(string descr, string hex, string message)
    {
        var data = Convert.FromHexString(hex);
        var file = File(Dictionary(descr, "(2,)"), [.. new byte[data.Length], .. data]);
        var error = Assert.Throws<MalformedDataException>(() => Read(TargetsFormat.Npy, file));
        Assert.Equal(("target", 128L + data.Length), (error.Code, error.Offset));
        Assert.Contains("index 1 " + message, error.Message);
        Same(TargetsFormat.Npy, file);
    }

    [Theory]
    [InlineData("<f4", "(1,)", 4, "npy-type")]
    [InlineData("|b1", "(4,)", 4, "npy-type")]
    [InlineData("|O", "(1,)", 8, "npy-type")]
    [InlineData("<i4", "(0,)", 0, "no-rows")]
    [InlineData("<i4", "(2,)", 4, "npy-truncated")]
    [InlineData("<i4", "(2,)", 9, "npy-trailing")]
    [InlineData("<i4", "(4611686018427387905,)", 4, "npy-shape")]
    public void Npy_AnythingElse_IsRefused(string descr, string shape, int bytes, string code)
    {
        var file = File(Dictionary(descr, shape), new byte[bytes]);
        Assert.Equal(code, Assert.Throws<MalformedDataException>(() => Read(TargetsFormat.Npy, file)).Code);
        Same(TargetsFormat.Npy, file);
    }

    [Fact]
    public void Safetensors_TheTensorOfWholeNumbers_GivesItsTargets()
    {
        var file = SafetensorsLogitsReaderTests.File(
            """{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"t":{"dtype":"I32","shape":[2],"data_offsets":[4,12]},"u":{"dtype":"F16","shape":[1],"data_offsets":[12,14]}}""",
            [1, 2, 3, 4, 7, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 5, 6]);
        Assert.Equal([7, -1], Read(TargetsFormat.Safetensors, file));
        Assert.Equal([7, -1], Read(TargetsFormat.Safetensors, file, () => 1, "t"));
        Assert.Equal("tensor-type", Assert.Throws<MalformedDataException>(() => Read(TargetsFormat.Safetensors, file, null, "x")).Code);
        Assert.Equal("tensor-not-found", Assert.Throws<MalformedDataException>(() => Read(TargetsFormat.Safetensors, file, null, "y")).Code);
        Same(TargetsFormat.Safetensors, file);
        for (var length = 0; length < file.Length; length++) Assert.Throws<MalformedDataException>(() => Read(TargetsFormat.Safetensors, file[..length]));
        Assert.Throws<MalformedDataException>(() => Read(TargetsFormat.Safetensors, [.. file, 0]));
    }

    [Theory]
    [InlineData("[1, 2,\n-1,-100 ]\n")]
    [InlineData("\uFEFF[1,2,-1,-100]")]
    [InlineData("1 2\n-1\r\n-100")]
    [InlineData("1,2,-1,-100\n")]
    [InlineData("0001\t2 , -1 -100")]
    public void Text_WholeNumbers_AreTheTargets(string text)
    {
        Assert.Equal([1, 2, -1, -1], Read(TargetsFormat.Text, Encoding.UTF8.GetBytes(text)));
        Same(TargetsFormat.Text, Encoding.UTF8.GetBytes(text));
    }

    [Theory]
    [InlineData("", "empty", 0)]
    [InlineData(" \n", "empty", 2)]
    [InlineData("[]", "empty", 2)]
    [InlineData("[1", "targets-text", 2)]
    [InlineData("[1,]", "targets-text", 3)]
    [InlineData("[,1]", "targets-text", 1)]
    [InlineData("[1 2]", "targets-text", 3)]
    [InlineData("[01]", "targets-text", 2)]
    [InlineData("[[1]]", "targets-text", 1)]
    [InlineData("[1]]", "targets-text", 3)]
    [InlineData("[1]2", "targets-text", 3)]
    [InlineData("1[", "targets-text", 1)]
    [InlineData("1 [2]", "targets-text", 2)]
    [InlineData("1]", "targets-text", 1)]
    [InlineData("1.0", "targets-text", 1)]
    [InlineData("1e3", "targets-text", 1)]
    [InlineData("1-2", "targets-text", 1)]
    [InlineData("--1", "targets-text", 1)]
    [InlineData("+1", "targets-text", 0)]
    [InlineData("- 1", "targets-text", 1)]
    [InlineData("1,,2", "targets-text", 2)]
    [InlineData("1,", "targets-text", 2)]
    [InlineData(",1", "targets-text", 0)]
    [InlineData("null", "targets-text", 0)]
    [InlineData("1 -2", "target", 2)]
    [InlineData("1 2147483648", "target", 2)]
    [InlineData("1 99999999999999999999999999999999", "target", 2)]
    public void Text_AnythingElse_IsRefusedAtItsPlace(string text, string code, long offset)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var error = Assert.Throws<MalformedDataException>(() => Read(TargetsFormat.Text, bytes));
        Assert.Equal((code, offset), (error.Code, error.Offset));
        Same(TargetsFormat.Text, bytes);
    }

    [Theory]
    [InlineData("\u0093NUMPY\u0001\u0000", TargetsFormat.Npy)]
    [InlineData("\u0002\u0000\u0000\u0000\u0000\u0000\u0000\u0000{}", TargetsFormat.Safetensors)]
    [InlineData("2\u0000\u0000\u0000\u0000\u0000\u0000\u0000{}", TargetsFormat.Safetensors)]
    [InlineData("\n[1]", TargetsFormat.Text)]
    [InlineData("-100 5", TargetsFormat.Text)]
    public void Sniff_OfEachFormatsStart_IsTheFormat(string start, TargetsFormat format) => Assert.Equal(format, TargetsReader.Sniff(Encoding.Latin1.GetBytes(start)));

    [Fact]
    public void Sniff_OfAnythingElse_IsRefused()
    {
        Assert.Equal("empty", Assert.Throws<MalformedDataException>(() => TargetsReader.Sniff([])).Code);
        Assert.Equal("unknown-format", Assert.Throws<MalformedDataException>(() => TargetsReader.Sniff("a,b"u8)).Code);
    }

    [Fact]
    public void AnyFormat_HugeAnnouncement_AllocatesOnlyWhatArrived()
    {
        foreach (var (format, file) in ((TargetsFormat, byte[])[])
        [
            (TargetsFormat.Npy, File(Dictionary("<i4", "(2000000000, 500000)"), new byte[400_000])),
            (TargetsFormat.Safetensors, SafetensorsLogitsReaderTests.File("""{"t":{"dtype":"I64","shape":[100000000000],"data_offsets":[0,800000000000]}}""", new byte[400_000])),
        ])
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<MalformedDataException>(() => Read(format, file));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, file.Length + (1 << 20));
        }
    }

    [Theory]
    [InlineData(TargetsFormat.Npy)]
    [InlineData(TargetsFormat.Safetensors)]
    [InlineData(TargetsFormat.Text)]
    public void AnyFormat_AnyBytesHoweverCut_GiveTargetsOrTheDeclaredFailure(TargetsFormat format)
    {
        byte[][] seeds = format switch
        {
            TargetsFormat.Npy => [File(Dictionary("<i4", "(2, 2)"), new byte[16]), File(Dictionary(">i2", "(2, 2)", "True"), new byte[8], 2)],
            TargetsFormat.Safetensors => [SafetensorsLogitsReaderTests.File("""{"t":{"dtype":"I64","shape":[2],"data_offsets":[0,16]}}""", new byte[16])],
            _ => Mutation.Utf8(["[1, 2,-1]\n", "\uFEFF1 2\n-100, 5"]),
        };
        var random = new Random(21);
        var taken = 0;
        for (var i = 0; i < Mutation.Count; i++)
        {
            var bytes = Mutation.Of(seeds[i % seeds.Length], random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var outcome = Outcome(format, bytes);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, bytes.Length + (1 << 20));
            Assert.Equal(outcome, Outcome(format, bytes, () => random.Next(1, 9)));
            if (!outcome.Contains("byte")) taken++;
        }
        Assert.InRange(taken, Mutation.Count / 100, Mutation.Count * 99 / 100);
    }
}
