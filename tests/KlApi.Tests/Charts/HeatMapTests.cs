using System.Globalization;
using System.Xml.Linq;
using KlApi.Charts;
using KlCore.Charts;

namespace KlApi.Tests.Charts;

public class HeatMapTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Draw_Counts_SaysNumbersAndNames()
    {
        var root = Parse(new HeatMap([[9, 1], [0, 12]]) { RowNames = ["cat", "dog"], ColumnNames = ["cat", "<dog>"], ShowsNumbers = true });
        var texts = root.Descendants(Svg + "text").Select(text => text.Value).ToList();
        foreach (var expected in new[] { "9", "1", "12", "cat", "dog", "<dog>", "actual", "predicted" }) Assert.Contains(expected, texts);
        Assert.DoesNotContain("0", texts);
    }

    [Fact]
    public void Draw_LargerNumbers_AreDarker()
    {
        var fills = Cells(Parse(new HeatMap([[1, 2, 3, 4]]) { Minimum = 0 })).Select(cell => Convert.ToInt32(((string)cell.Attribute("fill")!)[1..], 16)).ToList();
        Assert.Equal(4, fills.Count);
        Assert.Equal(fills.OrderDescending(), fills);
        Assert.Equal(0x00528c, fills[^1]);
    }

    [Fact]
    public void Draw_NeighboursOfOneShade_AreOneRectangle()
    {
        var cells = Cells(Parse(new HeatMap([[5, 5, 5, 0]]) { Minimum = 0, IsGrey = true }));
        var cell = Assert.Single(cells);
        Assert.Equal("#1f2933", (string?)cell.Attribute("fill"));
        Assert.Equal(3 * double.Parse((string)cell.Attribute("height")!, CultureInfo.InvariantCulture), double.Parse((string)cell.Attribute("width")!, CultureInfo.InvariantCulture), 2);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(200, 300)]
    public void Draw_AnySize_StaysInsideThePicture(int rows, int columns)
    {
        var map = new HeatMap([.. Enumerable.Range(0, rows).Select(i => (IReadOnlyList<double>)[.. Enumerable.Range(0, columns).Select(j => j % 3 == 0 ? double.PositiveInfinity : i - j)])])
        {
            RowNames = [.. Enumerable.Range(0, rows).Select(i => $"row {i}")],
            ColumnNames = [.. Enumerable.Range(0, columns).Select(j => $"column {j}")],
        };
        var root = Parse(map);
        var (width, height) = (Number(root, "width"), Number(root, "height"));
        foreach (var cell in Cells(root))
        {
            Assert.InRange(Number(cell, "x") + Number(cell, "width"), 0, width);
            Assert.InRange(Number(cell, "y") + Number(cell, "height"), 0, height);
        }
    }

    private static XElement Parse(HeatMap map) =>
        XDocument.Parse(SvgChart.Draw(new Chart("Confusion", new Axis("predicted"), new Axis("actual"), []) { Cells = map })).Root!;

    private static List<XElement> Cells(XElement root) => [.. root.Elements(Svg + "g").First().Elements(Svg + "rect")];

    private static double Number(XElement element, string name) => double.Parse((string)element.Attribute(name)!, CultureInfo.InvariantCulture);
}
