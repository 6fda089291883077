using System.Text;
using KlCore.Formats;

namespace KlCore.Tests.Formats;

public class CsvReaderTests
{
    [Fact]
    public void Csv_Texts_AreTheCellsWithoutTheirQuotes()
    {
        string[][] expected = [["1.50", "two\nlines, \"x\"", ""], ["2", "é ", " 𝄞"]];
        foreach (var piece in (int[])[1, 2, 1000])
            Assert.Equal(expected, Reading.Texts("csv", "\uFEFFa,b,c\r\n1.50,\"two\nlines, \"\"x\"\"\",\r\n\r\n2,é ,\" 𝄞\"", piece));
    }

    [Fact]
    public void Csv_TextsOfAFirstRowOfNumbers_AreAsWritten() => Assert.Equal([["1.50", "+2e3"], ["3", "x"]], Reading.Texts("csv", "1.50,+2e3\n3,x\n"));

    [Fact]
    public void Csv_QuotesCrLfAndByteOrderMark_GivesNamesTypesAndNumbers()
    {
        var cells = new List<(long, int, double)>();
        var reader = new CsvReader { Numbers = (row, column, value) => cells.Add((row, column, value)) };
        var shape = Reading.Whole(reader, Encoding.UTF8.GetBytes("\uFEFF\"a, \"\"x\"\"\",b,c\r\n1.5,\"two\nlines\",-3e-2\r\n\"2\",é,\r\n\r\n"), 1);

        Assert.Equal(2, shape.Rows);
        Assert.Equal(
            [new TableColumn("a, \"x\"", ColumnType.Number, 0), new TableColumn("b", ColumnType.Text, 0), new TableColumn("c", ColumnType.Number, 1)],
            shape.Columns);
        Assert.Equal([(0, 0, 1.5), (0, 1, double.NaN), (0, 2, -0.03), (1, 0, 2), (1, 1, double.NaN), (1, 2, double.NaN)], cells);
    }

    [Theory]
    [InlineData("1,2\n3,4\n", null, 2, "0,1")]
    [InlineData("1,2\n3,4", true, 1, "1,2")]
    [InlineData("a,2\n3,4\n", null, 1, "a,2")]
    [InlineData("a,2\n3,4\n", false, 2, "0,1")]
    public void Csv_FirstRow_IsAHeaderUnlessItHoldsNumbersOnlyOrTheCallerSays(string text, bool? header, int rows, string names)
    {
        var shape = Reading.Whole(new CsvReader(header), Encoding.UTF8.GetBytes(text));
        Assert.Equal(rows, shape.Rows);
        Assert.Equal(names, string.Join(',', shape.Columns.Select(column => column.Name)));
    }

    [Theory]
    [InlineData("0.1")]
    [InlineData("-0")]
    [InlineData("123456789012345")]
    [InlineData("1234567890.12345")]
    [InlineData("1234567890.123456")]
    [InlineData("0.30000000000000004")]
    [InlineData(" 7 ")]
    [InlineData("+7")]
    [InlineData("1E5")]
    [InlineData("5e-324")]
    [InlineData("1.7976931348623157e308")]
    [InlineData(".5")]
    [InlineData("5.")]
    public void Csv_Number_IsTheNearestDouble(string cell)
    {
        var value = double.NaN;
        var shape = Reading.Whole(new CsvReader(true) { Numbers = (_, _, v) => value = v }, Encoding.UTF8.GetBytes("x\n" + cell));
        Assert.Equal(BitConverter.DoubleToInt64Bits(double.Parse(cell)), BitConverter.DoubleToInt64Bits(value));
        Assert.Equal(new TableColumn("x", ColumnType.Number, 0), Assert.Single(shape.Columns));
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("NA")]
    [InlineData("-inf")]
    [InlineData("Infinity")]
    [InlineData("1e400")]
    [InlineData("\"\"")]
    public void Csv_CellWithoutFiniteNumber_IsMissingInAColumnOfNumbers(string cell)
    {
        var shape = Reading.Whole(new CsvReader(), Encoding.UTF8.GetBytes($"x,y\n1,2\n{cell},3\n"));
        Assert.Equal(new TableColumn("x", ColumnType.Number, 1), shape.Columns[0]);
    }

    [Theory]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("1,000")]
    [InlineData("0x10")]
    [InlineData("1.2.3")]
    [InlineData("12 34")]
    [InlineData("true")]
    public void Csv_CellThatIsNoNumber_MakesTheColumnText(string cell)
    {
        var shape = Reading.Whole(new CsvReader(), Encoding.UTF8.GetBytes($"x\n1\n\"{cell}\"\n"));
        Assert.Equal(ColumnType.Text, Assert.Single(shape.Columns).Type);
    }

    [Theory]
    [InlineData("a,b\n1,2\n3\n", "csv-ragged", 9, 3)]
    [InlineData("a,b\n1,2,3\n", "csv-ragged", 9, 2)]
    [InlineData("a,b\n1,2\"x\n", "csv-quote", 7, 2)]
    [InlineData("a,b\n\"1\"x,2\n", "csv-quote", 7, 2)]
    [InlineData("a,b\n1,\"2\n3\n", "csv-quote", 6, 2)]
    [InlineData("a,b\r1,2\n", "csv-line-end", 4, 1)]
    [InlineData("a,a\n1,2\n", "csv-header", 3, 1)]
    [InlineData("a,b\n", "no-rows", 4, 2)]
    [InlineData("", "empty", 0, 1)]
    [InlineData("\r\n\n", "empty", 3, 3)]
    public void Csv_Malformed_IsRefusedWithItsPlace(string text, string code, long offset, long line)
    {
        foreach (var piece in (int[])[1, 3, 1000])
        {
            var error = Assert.Throws<MalformedDataException>(() => Reading.Whole(new CsvReader(), Encoding.UTF8.GetBytes(text), piece));
            Assert.Equal((code, offset, line), (error.Code, error.Offset, error.Line));
            Assert.Contains($"line {line}, byte {offset}", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Csv_RaggedRow_NamesRowAndCounts()
    {
        var error = Assert.Throws<MalformedDataException>(() => Reading.Whole(new CsvReader(), "a,b\n1,2\n3\n"u8.ToArray()));
        Assert.Equal("a row must have 2 cells as the first has, row 2 has 1 (line 3, byte 9)", error.Message);
    }

    [Fact]
    public void Csv_ManyColumns_AreTakenUpToTheLimit()
    {
        var names = string.Join(',', Enumerable.Range(0, TableReader.MaximumColumns).Select(i => $"c{i}"));
        var zeros = string.Join(',', Enumerable.Repeat("0", TableReader.MaximumColumns));
        Assert.Equal(TableReader.MaximumColumns, Reading.Whole(new CsvReader(), Encoding.UTF8.GetBytes($"{names}\n{zeros}\n")).Columns.Count);
        var error = Assert.Throws<MalformedDataException>(() => Reading.Whole(new CsvReader(), Encoding.UTF8.GetBytes($"{names},more\n{zeros},0\n")));
        Assert.Equal("too-many-columns", error.Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Csv_RowWithoutEnd_IsRefusedAtTheLimit(bool quoted)
    {
        var reader = new CsvReader();
        if (quoted) reader.Append("\""u8);
        var megabyte = new byte[1 << 20];
        megabyte.AsSpan().Fill((byte)'x');
        var error = Assert.Throws<MalformedDataException>(() =>
        {
            for (var i = 0; i < 32; i++) reader.Append(megabyte);
        });
        Assert.Equal("row-too-long", error.Code);
    }

    [Fact]
    public void Csv_LineOfTwoMegabytes_IsTaken()
    {
        var text = "name,x\n" + new string('y', 2_000_000) + ",1\n";
        Assert.Equal(1, Reading.Whole(new CsvReader(), Encoding.UTF8.GetBytes(text), 65536).Rows);
    }
}
