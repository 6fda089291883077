using System.Globalization;
using System.Text;
using System.Text.Json;
using KlCore.Formats;
using static KlCore.Tests.Formats.NpyReaderTests;

namespace KlCore.Tests.Formats;

public class NpyLogitsReaderTests
{
    private static readonly JsonElement[] Golden =
        [.. JsonDocument.Parse(System.IO.File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Reference", "logits.json"))).RootElement.EnumerateArray()];

    public static TheoryData<int> Entries() => [.. Enumerable.Range(0, Golden.Length)];

    private static NpyLogitsReader Open() => new();

    [Theory]
    [MemberData(nameof(Entries))]
    public void Npy_WhatNumPyWrote_GivesItsRows(int entry)
    {
        var golden = Golden[entry];
        var bytes = Convert.FromHexString(golden.GetProperty("file").GetString()!);
        var reader = Open();
        var rows = LogitsReading.Rows(reader, bytes);
        var expected = golden.GetProperty("rows").EnumerateArray().SelectMany(row => row.EnumerateArray())
            .Select(number => double.Parse(number.GetString()!, CultureInfo.InvariantCulture));
        Assert.Equal(expected, LogitsReading.Numbers(reader.Shape!.Element, rows));
        Assert.Equal((golden.GetProperty("rows").GetArrayLength(), golden.GetProperty("rows")[0].GetArrayLength()), (reader.Shape.Rows, reader.Shape.Vocabulary));
        Assert.Equal("f" + 8 * int.Parse(golden.GetProperty("descr").GetString()![2..]), reader.Shape.DataType);
        Assert.Equal(reader.Shape.Rows, reader.RowsRead);
        Assert.Null(reader.Targets);
        LogitsReading.SameInPieces(Open, bytes);
    }

    [Theory]
    [InlineData("<f4", "False", true)]
    [InlineData(">f4", "False", false)]
    [InlineData("<f4", "True", false)]
    public void Npy_LittleEndianRows_MayBeReadPastTheReader(string descr, string fortran, bool direct)
    {
        var file = File(Dictionary(descr, "(2, 3)", fortran), new byte[24]);
        var reader = Open();
        reader.Read(file, [], out var taken, out var written);
        Assert.Equal((file.Length - 24, 0), (taken, written));
        Assert.Equal(direct ? 24 : 0, reader.DirectBytes);
        if (!direct) return;
        reader.TookDirectly(13);
        Assert.Equal((11, 1), (reader.DirectBytes, reader.RowsRead));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.TookDirectly(12));
        reader.TookDirectly(11);
        reader.Complete();
    }

    public static TheoryData<string, string> BadHeaders()
    {
        var data = new TheoryData<string, string>
        {
            { Dictionary("<i4", "(1,)"), "npy-type" },
            { Dictionary("|b1", "(1,)"), "npy-type" },
            { Dictionary("<f4", "(0, 3)"), "no-rows" },
            { Dictionary("<f4", "(3, 0)"), "no-rows" },
            { Dictionary("<f4", "(1, 2097153)"), "vocabulary-too-large" },
            { Dictionary("<f4", "(2147483649, 1)"), "too-many-rows" },
            { Dictionary("<f4", "(65536, 65536, 1)"), "too-many-rows" },
            { Dictionary("<f4", "(" + string.Concat(Enumerable.Repeat("1, ", 65)) + ")"), "npy-shape" },
            { Dictionary("<f4", "(4611686018427387905,)"), "npy-shape" },
            { Dictionary("<f8", "(2305843009213693952, 2)"), "npy-shape" },
            { Dictionary("<f8", "(4294967296, 4294967297)"), "npy-shape" },
            { Dictionary("<f4", "(18446744073709551617, 2)"), "npy-shape" },
        };
        foreach (var row in NpyReaderTests.BadHeaders())
            if ((string)row[1] is not ("no-rows" or "too-many-columns") && !((string)row[0]).Contains("(1, 1, 1)")) data.Add((string)row[0], (string)row[1]);
        return data;
    }

    [Theory]
    [MemberData(nameof(BadHeaders))]
    public void Npy_BadHeader_IsRefused(string dictionary, string code) =>
        Assert.Equal(code, LogitsReading.Failure(Open, File(dictionary, new byte[4])).Code);

    [Fact]
    public void Npy_AnyTruncation_IsRefusedWithTheNumberOfWholeRows()
    {
        foreach (var fortran in (string[])["False", "True"])
        {
            var file = File(Dictionary(fortran == "True" ? "<f4" : ">f4", "(3, 2)", fortran), new byte[24]);
            for (var length = 0; length < file.Length; length++)
            {
                var error = LogitsReading.Failure(Open, file[..length]);
                Assert.Equal((length == 0 ? "empty" : "npy-truncated", (long)length), (error.Code, error.Offset));
                if (length > file.Length - 24) Assert.Contains($"{(fortran == "True" ? 0 : (length - file.Length + 24) / 8)} of 3 rows", error.Message);
            }
        }
    }

    [Fact]
    public void Npy_BytesBehindTheRows_AreRefused()
    {
        foreach (var fortran in (string[])["False", "True"])
        {
            var error = LogitsReading.Failure(Open, File(Dictionary("<f4", "(3, 2)", fortran), new byte[25]));
            Assert.Equal(("npy-trailing", 128L + 24), (error.Code, error.Offset));
        }
    }

    [Fact]
    public void Npy_FortranOrderAboveTheLimit_IsNotComputable()
    {
        var error = Assert.Throws<NotComputableException>(() => LogitsReading.Rows(Open(), File(Dictionary("<f4", "(4097, 4096)", "True"), [])));
        Assert.Equal("fortran-order-not-streamable", error.Code);
        // One row is the same in both orders: it streams.
        var reader = Open();
        reader.Read(File(Dictionary("<f8", "(1, 2097152)", "True"), []), [], out _, out _);
        Assert.Equal(8L * (1 << 21), reader.DirectBytes);
    }

    [Theory]
    [InlineData("(2147483648, 2000000)", "False")]
    [InlineData("(4096, 4096)", "True")]
    public void Npy_HugeAnnouncement_AllocatesOnlyWhatArrived(string shape, string fortran)
    {
        var file = File(Dictionary("<f4", shape, fortran), new byte[400_000]);
        var buffer = new byte[1 << 16];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<MalformedDataException>(() => LogitsReading.Drain(Open(), file, buffer));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, file.Length + (1 << 20));
    }

    [Fact]
    public void Npy_Streaming_AllocatesNothingPerRow()
    {
        foreach (var descr in (string[])["<f4", ">f4"])
        {
            var file = File(Dictionary(descr, "(5000, 200)"), new byte[4_000_000]);
            var buffer = new byte[1 << 16];
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal(5000, LogitsReading.Drain(Open(), file, buffer));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000);
        }
    }

    [Theory]
    [InlineData("<V2")]
    [InlineData("|V2")]
    [InlineData("bfloat16")]
    public void Npy_WhatIsLeftOfBfloat16_IsRefusedWithAWayOut(string descr) =>
        Assert.Contains("bfloat16 has no type in .npy", LogitsReading.Failure(Open, File(Dictionary(descr, "(1, 2)"), new byte[4])).Message);

    [Fact]
    public void Npy_FileBeyond32Bits_IsCountedInFull()
    {
        var file = File(Dictionary("<f4", "(40000, 65536)"), []);
        var reader = Open();
        reader.Read(file, [], out _, out _);
        Assert.Equal(10_485_760_000, reader.DirectBytes);
        for (var i = 0; i < 9; i++) reader.TookDirectly(1 << 30);
        Assert.Equal((9L << 30) / 262144, reader.RowsRead);
        Assert.Contains("there were 9663676544; 36864 of 40000 rows are whole", Assert.Throws<MalformedDataException>(reader.Complete).Message);
        reader.TookDirectly((int)reader.DirectBytes);
        reader.Complete();
        Assert.Equal(40000, reader.RowsRead);
    }

    [Theory]
    [InlineData("PK\u0003\u0004 a zip", "npy-magic")]
    [InlineData("\u0093NUMPY\u0004\u0000\u0000\u0000", "npy-version")]
    [InlineData("\u0093NUMPY\u0002\u0000\u00ff\u00ff\u00ff\u00ff", "npy-header")]
    public void Npy_BadStart_IsRefused(string start, string code) => Assert.Equal(code, LogitsReading.Failure(Open, Encoding.Latin1.GetBytes(start)).Code);
}
