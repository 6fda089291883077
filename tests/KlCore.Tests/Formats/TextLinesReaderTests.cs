using System.Text;
using KlCore.Formats;

namespace KlCore.Tests.Formats;

public class TextLinesReaderTests
{
    [Theory]
    [InlineData("one\r\n\n two é\n", "one|| two é")]
    [InlineData("\uFEFFone\ntwo\r", "one|two")]
    [InlineData("a\rb\n\r\n", "a\rb|")]
    public void Text_Texts_AreTheLinesWithoutTheirEnds(string data, string expected)
    {
        foreach (var piece in (int[])[1, 2, 1000]) Assert.Equal(expected, string.Join('|', Reading.Texts("text", data, piece).Select(row => row[0])));
    }

    [Theory]
    [InlineData("one", 1)]
    [InlineData("one\ntwo\n", 2)]
    [InlineData("one\r\n\r\n\ntwo", 4)]
    [InlineData("\n", 1)]
    public void Text_Lines_AreRows(string text, long rows)
    {
        foreach (var piece in (int[])[1, 1000])
        {
            var shape = Reading.Whole(new TextLinesReader(), Encoding.UTF8.GetBytes(text), piece);
            Assert.Equal(rows, shape.Rows);
            Assert.Equal(new TableColumn("text", ColumnType.Text, 0), Assert.Single(shape.Columns));
        }
    }

    [Theory]
    [InlineData("61C3", 1, 1)]
    [InlineData("61C328", 1, 1)]
    [InlineData("0A61FF", 2, 2)]
    [InlineData("EDA080", 0, 1)]
    [InlineData("C080", 0, 1)]
    [InlineData("F5808080", 0, 1)]
    [InlineData("EFBBBF80", 3, 1)]
    [InlineData("FFFE6100", 0, 1)]
    [InlineData("E282AC0AE282", 4, 2)]
    public void Text_NotUtf8_IsRefusedAtTheFirstBadCharacter(string hex, long offset, long line)
    {
        foreach (var piece in (int[])[1, 2, 3, 1000])
        {
            var error = Assert.Throws<MalformedDataException>(() => Reading.Whole(new TextLinesReader(), Convert.FromHexString(hex), piece));
            Assert.Equal(("not-utf-8", offset, line), (error.Code, error.Offset, error.Line));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("EFBBBF")]
    public void Text_Empty_IsRefused(string hex) =>
        Assert.Equal("empty", Assert.Throws<MalformedDataException>(() => Reading.Whole(new TextLinesReader(), Convert.FromHexString(hex))).Code);

    [Fact]
    public void Text_StartsLikeAByteOrderMark_IsKept()
    {
        // U+FEC0 shares two bytes with the mark U+FEFF.
        foreach (var piece in (int[])[1, 2, 3, 1000])
            Assert.Equal(1, Reading.Whole(new TextLinesReader(), Encoding.UTF8.GetBytes("\uFEC0"), piece).Rows);
    }
}
