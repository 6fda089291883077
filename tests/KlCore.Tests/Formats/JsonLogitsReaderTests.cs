using System.Globalization;
using System.Text;
using KlCore.Formats;

namespace KlCore.Tests.Formats;

public class JsonLogitsReaderTests
{
    private static JsonLogitsReader Open() => new();

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    [Theory]
    [InlineData("[1,-2.5,\"-Infinity\"]\n[0,1e2,3E-1]\n")]
    [InlineData("[1,-2.5,\"-Infinity\"]\n[0,1e2,3E-1]")]
    [InlineData("\uFEFF\r\n\n  [ 1 ,\t-2.5, \"-Infinity\" ] \r\n\n[0,1e2,3E-1]\r\n\r\n  ")]
    [InlineData("{\"logits\":[1,-2.5,\"-Infinity\"]}\n { \"logits\" : [0,1e2,3E-1] }")]
    [InlineData("{\"target\":null,\"logits\":[1,-2.5,\"-Infinity\"]}\n{\"token\":-100,\"logits\":[0,1e2,3E-1]}")]
    public void JsonLines_ArraysAndObjects_GiveTheirRows(string text)
    {
        var reader = Open();
        Assert.Equal([1, -2.5, double.NegativeInfinity, 0, 100, 0.3], LogitsReading.Numbers(ElementType.F64, LogitsReading.Rows(reader, Utf8(text))));
        Assert.Equal((LogitsFormat.JsonLines, ElementType.F64, 3, "f64"), (reader.Shape!.Format, reader.Shape.Element, reader.Shape.Vocabulary, reader.Shape.DataType));
        Assert.Null(reader.Shape.Rows);
        Assert.Null(reader.Targets);
        LogitsReading.SameInPieces(Open, Utf8(text));
    }

    [Fact]
    public void JsonLines_Targets_AreMinusOneWhereThereIsNone()
    {
        var file = Utf8("[1,2]\n{\"logits\":[1,2],\"target\":1}\n{\"token\":0,\"logits\":[3,4]}\n{\"logits\":[3,4],\"token\":-1}\n[5,6]");
        var reader = Open();
        LogitsReading.Rows(reader, file);
        Assert.Equal([-1, 1, 0, -1, -1], reader.Targets);
        LogitsReading.SameInPieces(Open, file);
    }

    [Fact]
    public void JsonLines_Numbers_AreTheNearestDoubles()
    {
        var random = new Random(3);
        var values = Enumerable.Range(0, 3000).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64())).Where(double.IsFinite).ToArray();
        var text = "[" + string.Join(",", values.Select(value => value.ToString("R", CultureInfo.InvariantCulture))) + "]";
        Assert.Equal(values, LogitsReading.Numbers(ElementType.F64, LogitsReading.Rows(Open(), Utf8(text), () => 1000)));
    }

    public static TheoryData<string, string, string> Bad() => new()
    {
        { "", "empty", "at least one row" },
        { " \r\n\n", "empty", "at least one row" },
        { "\uFEFF", "empty", "at least one row" },
        { "[]", "no-rows", "row 0 has none" },
        { "[1,2]\n[]", "no-rows", "row 1 has none" },
        { "[NaN]", "json-lines", "NaN is no logit" },
        { "[1,Infinity]", "json-lines", "Infinity is no logit" },
        { "[-Infinity]", "json-lines", "in quotes" },
        { "[\"NaN\"]", "json-lines", "\"NaN\" is no logit" },
        { "[\"Infinity\"]", "json-lines", "\"Infinity\" is no logit" },
        { "[\"1\"]", "json-lines", "logit 0" },
        { "[null]", "json-lines", "logit 0" },
        { "[[1,2],[3,4]]", "json-lines", "logit 0" },
        { "[1e400]", "json-lines", "within the range" },
        { "[-1e400]", "json-lines", "within the range" },
        { "[1,]", "json-lines", "logit 1" },
        { "[1,2,]\n", "json-lines", "logit 2" },
        { "[,1]", "json-lines", "logit 0" },
        { "[1 2]", "json-lines", "comma" },
        { "[01]", "json-lines", "logit 0" },
        { "[+1]", "json-lines", "logit 0" },
        { "[.5]", "json-lines", "logit 0" },
        { "[1.]", "json-lines", "logit 0" },
        { "[0x1]", "json-lines", "comma" },
        { "[1}", "json-lines", "comma" },
        { "[1", "json-lines", "the data ends within it" },
        { "[1,\n2]", "json-lines", "it ends within it" },
        { "[1]]", "json-lines", "nothing may follow" },
        { "[1][2]", "json-lines", "nothing may follow" },
        { "[1] x", "json-lines", "nothing may follow" },
        { "1\n", "json-lines", "must hold an array" },
        { "null", "json-lines", "must hold an array" },
        { "\"[1]\"", "json-lines", "must hold an array" },
        { "[1,2]\n[1]", "json-lines", "(2), row 1 has 1" },
        { "[1,2]\n[1,2,3]", "json-lines", "(2), row 1 has more" },
        { "{}", "json-lines", "must have \"logits\"" },
        { "{\"target\":1}", "json-lines", "must have \"logits\"" },
        { "{\"logits\":1}", "json-lines", "must be an array" },
        { "{\"logits\":[1],\"logits\":[1]}", "json-lines", "nothing beside" },
        { "{\"logits\":[1],\"target\":0,\"token\":0}", "json-lines", "nothing beside" },
        { "{\"logits\":[1],\"more\":0}", "json-lines", "nothing beside" },
        { "{\"lo\\u0067its\":[1]}", "json-lines", "nothing beside" },
        { "{\"logits\":[1],}", "json-lines", "nothing beside" },
        { "{\"logits\"[1]}", "json-lines", "colon" },
        { "{\"logits\":[1],\"target\":1}", "json-lines", "below the number of logits" },
        { "{\"logits\":[1],\"target\":-2}", "json-lines", "id of a token" },
        { "{\"logits\":[1],\"target\":0.0}", "json-lines", "id of a token" },
        { "{\"logits\":[1],\"target\":2147483648}", "json-lines", "id of a token" },
        { "{\"logits\":[1],\"target\":\"0\"}", "json-lines", "id of a token" },
        { "{\"logits\":[1]\\}", "json-lines", "brace" },
        { "{\"a\\\"}]\":[1]}", "json-lines", "nothing beside" },
        { "\u00e9", "json-lines", "must hold an array" },
        { "[1]\uFEFF", "json-lines", "nothing may follow" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void JsonLines_AnythingElse_IsRefusedAndSaysWhy(string text, string code, string message)
    {
        var error = LogitsReading.Failure(Open, Utf8(text));
        Assert.Equal(code, error.Code);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void JsonLines_BytesThatAreNoText_AreRefused()
    {
        foreach (byte[] file in (byte[][])[[0xEF], [0xEF, 0xBB], [0xEF, (byte)'[', (byte)'1', (byte)']'], [0xFF, 0xFE, (byte)'[', 0], [(byte)'[', 0xFF, (byte)']'], [0]])
            Assert.Equal("json-lines", LogitsReading.Failure(Open, file).Code);
    }

    [Fact]
    public void JsonLines_Failure_NamesLineAndByte()
    {
        var error = LogitsReading.Failure(Open, Utf8("[1,2]\n\n[1, x]\n"));
        Assert.Equal((3L, 11L), (error.Line, error.Offset));
    }

    [Fact]
    public void JsonLines_LineThatIsTooLong_IsRefusedWhereverItIsCut()
    {
        var line = new byte[JsonLogitsReader.MaximumLineBytes + 2];
        line.AsSpan().Fill((byte)' ');
        line[0] = (byte)'[';
        var buffer = new byte[8];
        Assert.Equal("row-too-long", Assert.Throws<MalformedDataException>(() => LogitsReading.Drain(Open(), line, buffer)).Code);
        Assert.Equal("row-too-long", Assert.Throws<MalformedDataException>(() => LogitsReading.Rows(Open(), line, () => 1 << 20)).Code);
        line[^1] = (byte)']';
        Assert.Equal("row-too-long", Assert.Throws<MalformedDataException>(() => LogitsReading.Drain(Open(), line, buffer)).Code);
    }

    [Fact]
    public void JsonLines_MoreLogitsThanTheLargestVocabulary_AreRefused()
    {
        var text = Utf8("[" + string.Concat(Enumerable.Repeat("0,", LogitsReader.MaximumVocabulary)) + "0]");
        Assert.Equal("vocabulary-too-large", Assert.Throws<MalformedDataException>(() => LogitsReading.Drain(Open(), text, new byte[8])).Code);
        var most = Utf8("[" + string.Concat(Enumerable.Repeat("0,", LogitsReader.MaximumVocabulary - 1)) + "0]");
        Assert.Equal(8L * LogitsReader.MaximumVocabulary, LogitsReading.Rows(Open(), most).Length);
    }

    [Fact]
    public void JsonLines_Streaming_AllocatesForOneRowOnly()
    {
        var line = "[" + string.Join(",", Enumerable.Range(0, 1000).Select(i => (i / 7.0).ToString("R", CultureInfo.InvariantCulture))) + "]\n";
        var text = Utf8(string.Concat(Enumerable.Repeat(line, 300)));
        var buffer = new byte[8000];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var reader = Open();
        reader.Read(text, [], out var taken, out _);
        Assert.Equal(300, LogitsReading.Drain(reader, text.AsSpan(taken), buffer));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }
}
