using System.Buffers.Binary;
using System.Text;
using KlCore.Formats;

namespace KlCore.Tests.Formats;

public class NpyReaderTests
{
    /// <summary>A file as NumPy writes it.</summary>
    internal static byte[] File(string dictionary, byte[] data, byte version = 1)
    {
        var preamble = version == 1 ? 10 : 12;
        var text = dictionary + new string(' ', 63 - (preamble + dictionary.Length) % 64) + "\n";
        var file = new byte[preamble + text.Length + data.Length];
        "\u0093NUMPY"u8[1..].CopyTo(file);
        file[0] = 0x93;
        file[6] = version;
        if (version == 1) BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(8), (ushort)text.Length);
        else BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), text.Length);
        Encoding.ASCII.GetBytes(text).CopyTo(file, preamble);
        data.CopyTo(file, preamble + text.Length);
        return file;
    }

    internal static string Dictionary(string descr, string shape, string fortran = "False") =>
        $"{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}";

    [Theory]
    [InlineData("<f2", "003C00C0", 1.0, -2.0)]
    [InlineData(">f2", "3C00C000", 1.0, -2.0)]
    [InlineData("<f4", "0000803F000000C0", 1.0, -2.0)]
    [InlineData(">f4", "3F800000C0000000", 1.0, -2.0)]
    [InlineData("=f4", "0000803F000000C0", 1.0, -2.0)]
    [InlineData("<f8", "000000000000F03F00000000000000C0", 1.0, -2.0)]
    [InlineData(">f8", "3FF0000000000000C000000000000000", 1.0, -2.0)]
    [InlineData("|i1", "01FE", 1.0, -2.0)]
    [InlineData("<i2", "0100FEFF", 1.0, -2.0)]
    [InlineData(">i2", "0001FFFE", 1.0, -2.0)]
    [InlineData("<i4", "01000000FEFFFFFF", 1.0, -2.0)]
    [InlineData(">i4", "00000001FFFFFFFE", 1.0, -2.0)]
    [InlineData("<i8", "0100000000000000FEFFFFFFFFFFFFFF", 1.0, -2.0)]
    [InlineData(">i8", "0000000000000001FFFFFFFFFFFFFFFE", 1.0, -2.0)]
    [InlineData("|u1", "01FE", 1.0, 254.0)]
    [InlineData("<u2", "0100FEFF", 1.0, 65534.0)]
    [InlineData(">u4", "00000001FFFFFFFE", 1.0, 4294967294.0)]
    [InlineData("<u8", "010000000000000000F8FFFFFFFFFFFF", 1.0, 18446744073709549568.0)]
    [InlineData("|b1", "0001", 0.0, 1.0)]
    public void Npy_EachType_GivesItsValues(string descr, string hex, double first, double second)
    {
        foreach (var version in (byte[])[1, 2, 3])
            foreach (var piece in (int[])[1, 3, 1000])
            {
                var values = new List<double>();
                var shape = Reading.Whole(
                    new NpyReader { Numbers = (_, _, value) => values.Add(value) },
                    File(Dictionary(descr, "(2,)"), Convert.FromHexString(hex), version), piece);
                Assert.Equal([first, second], values);
                Assert.Equal((2, "0"), (shape.Rows, Assert.Single(shape.Columns).Name));
            }
    }

    [Theory]
    [InlineData("False", "0 0 1,0 1 2,0 2 3,1 0 4,1 1 5,1 2 6")]
    [InlineData("True", "0 0 1,1 0 2,0 1 3,1 1 4,0 2 5,1 2 6")]
    public void Npy_TwoDimensions_AreRowsAndColumnsInEitherOrder(string fortran, string expected)
    {
        var cells = new List<string>();
        var shape = Reading.Whole(
            new NpyReader { Numbers = (row, column, value) => cells.Add($"{row} {column} {value}") },
            File(Dictionary("|u1", "(2, 3)", fortran), [1, 2, 3, 4, 5, 6]));
        Assert.Equal((2, 3), (shape.Rows, shape.Columns.Count));
        Assert.Equal(expected, string.Join(',', cells));
    }

    [Fact]
    public void Npy_NotFiniteElements_CountAsMissing()
    {
        var data = new byte[32];
        BinaryPrimitives.WriteDoubleLittleEndian(data, double.NaN);
        BinaryPrimitives.WriteDoubleLittleEndian(data.AsSpan(16), double.NegativeInfinity);
        var shape = Reading.Whole(new NpyReader(), File(Dictionary("<f8", "(2, 2)"), data));
        Assert.Equal([2, 0], shape.Columns.Select(column => column.Missing));
        Assert.All(shape.Columns, column => Assert.Equal(ColumnType.Number, column.Type));
    }

    [Theory]
    [InlineData("{'descr':'<f4','fortran_order':False,'shape':(1,)}")]
    [InlineData("{\"shape\": (1L,), \"fortran_order\": False, \"descr\": \"<f4\"}")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,), }   ")]
    public void Npy_OtherSpellingsOfTheHeader_AreTaken(string dictionary) =>
        Assert.Equal(1, Reading.Whole(new NpyReader(), File(dictionary, new byte[4])).Rows);

    public static TheoryData<string, string> BadHeaders() => new()
    {
        { Dictionary("|O", "(1,)"), "npy-type" },
        { Dictionary("<V2", "(1,)"), "npy-type" },
        { Dictionary("<U4", "(1,)"), "npy-type" },
        { Dictionary("|S4", "(1,)"), "npy-type" },
        { Dictionary("<c8", "(1,)"), "npy-type" },
        { Dictionary("<f16", "(1,)"), "npy-type" },
        { Dictionary("|f4", "(1,)"), "npy-type" },
        { Dictionary("<M8[ns]", "(1,)"), "npy-type" },
        { Dictionary("f4", "(1,)"), "npy-type" },
        { Dictionary("", "(1,)"), "npy-type" },
        { "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "npy-type" },
        { Dictionary("<f4", "(-2, 3)"), "npy-shape" },
        { Dictionary("<f4", "(9223372036854775807, 9223372036854775807)"), "npy-shape" },
        { Dictionary("<f4", "(4294967296, 4294967296, 4)"), "npy-shape" },
        { Dictionary("<f4", "(4611686018427387904,)"), "npy-shape" },
        { Dictionary("<f8", "(2305843009213693952,)"), "npy-shape" },
        { Dictionary("<f8", "(2305843009213693953,)"), "npy-shape" },
        { Dictionary("<f4", "(99999999999999999999,)"), "npy-shape" },
        { Dictionary("<f4", "(1)"), "npy-shape" },
        { Dictionary("<f4", "()"), "npy-shape" },
        { Dictionary("<f4", "(1, 1, 1)"), "npy-shape" },
        { Dictionary("<f4", "(1.0,)"), "npy-shape" },
        { Dictionary("<f4", "(True,)"), "npy-shape" },
        { Dictionary("<f4", "(0x10,)"), "npy-shape" },
        { Dictionary("<f4", "(1_0,)"), "npy-shape" },
        { Dictionary("<f4", "[1]"), "npy-header" },
        { Dictionary("<f4", "1"), "npy-header" },
        { Dictionary("<f4", "((1,),)"), "npy-shape" },
        { Dictionary("<f4", "(" + new string('(', 20000)), "npy-shape" },
        { Dictionary("<f4", "(0, 3)"), "no-rows" },
        { Dictionary("<f4", "(1, 100001)"), "too-many-columns" },
        { Dictionary("<f4", "(1,)", "1"), "npy-header" },
        { Dictionary("<f4", "(1,)", "None"), "npy-header" },
        { "{'descr': '<f4', 'fortran_order': False}", "npy-header" },
        { "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", "npy-header" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}", "npy-header" },
        { "{'descr': '\\x3cf4', 'fortran_order': False, 'shape': (1,)}", "npy-header" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} + 1", "npy-header" },
        { "__import__('os').system('true')", "npy-header" },
        { "{", "npy-header" },
        { "", "npy-header" },
    };

    [Theory]
    [MemberData(nameof(BadHeaders))]
    public void Npy_BadHeader_IsRefused(string dictionary, string code)
    {
        foreach (var piece in (int[])[1, 100000])
            Assert.Equal(code, Assert.Throws<MalformedDataException>(() => Reading.Whole(new NpyReader(), File(dictionary, new byte[4]), piece)).Code);
    }

    [Fact]
    public void Npy_ProductThatWrapsToFourElements_IsRefused()
    {
        // 2^62 + 1 elements of 4 bytes: the product wraps to 4 in 64 bits.
        var error = Assert.Throws<MalformedDataException>(
            () => Reading.Whole(new NpyReader(), File(Dictionary("<f4", "(4611686018427387905,)"), new byte[4])));
        Assert.Equal("npy-shape", error.Code);
    }

    [Theory]
    [InlineData(0, "empty")]
    [InlineData(5, "npy-truncated")]
    [InlineData(9, "npy-truncated")]
    [InlineData(40, "npy-truncated")]
    [InlineData(128, "npy-truncated")]
    [InlineData(135, "npy-truncated")]
    public void Npy_CutShort_IsRefusedAtItsEnd(int length, string code)
    {
        var file = File(Dictionary("<f4", "(2,)"), new byte[8]);
        var error = Assert.Throws<MalformedDataException>(() => Reading.Whole(new NpyReader(), file[..length]));
        Assert.Equal((code, (long)length), (error.Code, error.Offset));
    }

    [Fact]
    public void Npy_BytesBehindTheElements_AreRefusedAtTheFirst()
    {
        var error = Assert.Throws<MalformedDataException>(() => Reading.Whole(new NpyReader(), File(Dictionary("<f4", "(2,)"), new byte[9])));
        Assert.Equal(("npy-trailing", 136L), (error.Code, error.Offset));
    }

    [Theory]
    [InlineData("PK\u0003\u0004 a zip", "npy-magic")]
    [InlineData("\u0093NUMPZ", "npy-magic")]
    [InlineData("\u0093NUMPY\u0004\u0000\u0000\u0000", "npy-version")]
    [InlineData("\u0093NUMPY\u0000\u0000\u0000\u0000", "npy-version")]
    [InlineData("\u0093NUMPY\u0001\u0001\u0000\u0000", "npy-version")]
    [InlineData("\u0093NUMPY\u0002\u0000\u00ff\u00ff\u00ff\u00ff", "npy-header")]
    public void Npy_BadStart_IsRefused(string start, string code) =>
        Assert.Equal(code, Assert.Throws<MalformedDataException>(() => Reading.Whole(new NpyReader(), Encoding.Latin1.GetBytes(start), 1)).Code);

    [Fact]
    public void Npy_HugeAnnouncement_AllocatesOnlyWhatArrived()
    {
        var file = File(Dictionary("<f4", "(40000000, 100000)"), new byte[400]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<MalformedDataException>(() => Reading.Whole(new NpyReader(), file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }
}
