using System.Text;
using KlCore.Formats;

namespace KlCore.Tests.Formats;

public class JsonLinesReaderTests
{
    [Fact]
    public void JsonLines_Texts_AreUnescapedAndNumbersAsWritten()
    {
        string[][] expected = [["a\n\"\\é𝄞/", "1.50", "true"], ["", "-2E+3", ""], ["plain é", "0", "false"]];
        const string data = "{\"t\":\"a\\n\\\"\\\\\\u00e9\\ud834\\udd1e\\/\",\"n\":1.50,\"b\":true}\n{\"n\":-2E+3,\"b\":null,\"t\":\"\"}\r\n\r\n{\"t\":\"plain é\",\"n\":0,\"b\":false}";
        foreach (var piece in (int[])[1, 3, 1000]) Assert.Equal(expected, Reading.Texts("json-lines", data, piece));
    }

    [Fact]
    public void JsonLines_KeysInAnyOrder_GiveColumnsTypesAndNumbers()
    {
        const string text = "\uFEFF{\"x\": 1.5, \"\\u0079\": \"a\\n\\u00e9\", \"z\": true}\r\n\n  {\"z\":false,\"y\":null,\"x\":-2e3}  \n{\"x\":null,\"y\":\"\",\"z\":1}";
        foreach (var piece in (int[])[1, 7, 1000])
        {
            var cells = new List<(long, int, double)>();
            var shape = Reading.Whole(
                new JsonLinesReader { Numbers = (row, column, value) => cells.Add((row, column, value)) }, Encoding.UTF8.GetBytes(text), piece);
            Assert.Equal(3, shape.Rows);
            Assert.Equal(
                [new TableColumn("x", ColumnType.Number, 1), new TableColumn("y", ColumnType.Text, 2), new TableColumn("z", ColumnType.Number, 0)],
                shape.Columns);
            Assert.Equal(
                [(0, 0, 1.5), (0, 1, double.NaN), (0, 2, 1), (1, 2, 0), (1, 1, double.NaN), (1, 0, -2000), (2, 0, double.NaN), (2, 1, double.NaN), (2, 2, 1)],
                cells);
        }
    }

    [Fact]
    public void JsonLines_NumberBeyondDouble_IsMissing() =>
        Assert.Equal(1, Assert.Single(Reading.Whole(new JsonLinesReader(), "{\"x\":1}\n{\"x\":1e400}"u8.ToArray()).Columns).Missing);

    [Theory]
    [InlineData("{\"a\":1}\n{\"b\":1}", 9, 2, "\"b\"")]
    [InlineData("{\"a\":1,\"b\":2}\n{\"a\":1}", 14, 2, "lacks \"b\"")]
    [InlineData("{\"a\":1,\"a\":2}", 7, 1, "twice")]
    [InlineData("{\"a\":1,\"\\u0061\":2}", 7, 1, "twice")]
    [InlineData("{\"a\":[1]}", 5, 1, "must be a number, text")]
    [InlineData("{\"a\":{}}", 5, 1, "must be a number, text")]
    [InlineData("{\"a\":1} x", 8, 1, "well-formed")]
    [InlineData("{\"a\":1}{\"a\":1}", 7, 1, "well-formed")]
    [InlineData("{\"a\":01}", 6, 1, "well-formed")]
    [InlineData("{\"a\":NaN}", 5, 1, "well-formed")]
    [InlineData("{\"a\":1}\n{\"a\":", 13, 2, "well-formed")]
    [InlineData("{\"a\":1,}", 7, 1, "well-formed")]
    [InlineData("[1,2]", 0, 1, "must hold a JSON object")]
    [InlineData("\"text\"", 0, 1, "must hold a JSON object")]
    [InlineData("{}", 0, 1, "at least one key")]
    [InlineData("{\"a\":\"\\ud800\"}", 5, 1, "valid Unicode")]
    [InlineData("{\"\\ud800\":1}", 1, 1, "valid Unicode")]
    [InlineData("{\"a\":\"x\ty\"}", 7, 1, "well-formed")]
    [InlineData(" \n\n", 3, 3, "at least one row")]
    public void JsonLines_Malformed_IsRefusedWithItsPlace(string text, long offset, long line, string message)
    {
        foreach (var piece in (int[])[1, 1000])
        {
            var error = Assert.Throws<MalformedDataException>(() => Reading.Whole(new JsonLinesReader(), Encoding.UTF8.GetBytes(text), piece));
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
            Assert.Equal((offset, line), (error.Offset, error.Line));
        }
    }

    [Fact]
    public void JsonLines_DepthBomb_IsRefused() =>
        Assert.Throws<MalformedDataException>(() => Reading.Whole(new JsonLinesReader(), Encoding.ASCII.GetBytes("{\"a\":" + new string('[', 1_000_000))));

    [Fact]
    public void JsonLines_LineWithoutEnd_IsRefusedAtTheLimit()
    {
        var reader = new JsonLinesReader();
        var megabyte = new byte[1 << 20];
        megabyte.AsSpan().Fill((byte)'1');
        var error = Assert.Throws<MalformedDataException>(() =>
        {
            for (var i = 0; i < 32; i++) reader.Append(megabyte);
        });
        Assert.Equal("row-too-long", error.Code);
    }
}
