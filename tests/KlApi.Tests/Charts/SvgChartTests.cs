using System.Globalization;
using System.Xml.Linq;
using KlApi.Charts;
using KlCore.Charts;

namespace KlApi.Tests.Charts;

public class SvgChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly string[] Abscissae = ["x", "x1", "x2", "cx"];
    private static readonly string[] Ordinates = ["y", "y1", "y2", "cy"];
    private static readonly SeriesKind[] Kinds = Enum.GetValues<SeriesKind>();

    [Fact]
    public void Draw_SameChart_SameText() => Assert.Equal(SvgChart.Draw(Curves()), SvgChart.Draw(Curves()));

    [Fact]
    public void Draw_AnyChart_IsAnAccessibleImage()
    {
        var root = Parse(Curves());
        Assert.Equal(Svg + "svg", root.Name);
        Assert.Equal("img", (string?)root.Attribute("role"));
        Assert.Equal("Two curves", root.Element(Svg + "title")!.Value);
        Assert.Equal("One falls, one rises.", root.Element(Svg + "desc")!.Value);
        var ids = $"{(string?)root.Element(Svg + "title")!.Attribute("id")} {(string?)root.Element(Svg + "desc")!.Attribute("id")}";
        Assert.Equal(ids, (string?)root.Attribute("aria-labelledby"));
    }

    [Fact]
    public void Draw_NamedSeries_AreInTheLegendWithTheirAxes()
    {
        var texts = Texts(Parse(Curves()));
        Assert.Contains("falling", texts);
        Assert.Contains("rising", texts);
        Assert.Contains("step", texts);
        Assert.Contains("loss (nats)", texts);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"/><script xlink:href='x'/>")]
    [InlineData("]]></title><image href=\"http://x/\" onload='a'>")]
    [InlineData("& &amp; &#x3c;script&#x3e;")]
    [InlineData("zero \0, bell \a, lone \uD800 surrogate, \uFFFF")]
    public void Draw_HostileText_StaysText(string hostile)
    {
        var axis = new Axis(hostile);
        var chart = new Chart(hostile, axis, axis, [new Series(hostile, SeriesKind.Line, [0, 1], [0, 1])]) { Description = hostile };
        var root = Parse(chart);
        Assert.DoesNotContain(root.Descendants(), element => element.Name.LocalName is "script" or "image");
        Assert.DoesNotContain(root.DescendantsAndSelf().SelectMany(element => element.Attributes()), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        if (hostile.All(character => character >= ' ' && character < 0xD800)) Assert.Equal(hostile, root.Element(Svg + "title")!.Value);
    }

    [Theory]
    [InlineData(new double[0], new double[0])]
    [InlineData(new[] { 1.0 }, new[] { double.PositiveInfinity })]
    [InlineData(new[] { double.NaN, double.NegativeInfinity }, new[] { 1.0, 2.0 })]
    public void Draw_NothingFinite_SaysSo(double[] x, double[] y)
    {
        foreach (var kind in Kinds) Assert.Contains("Nothing to show", Texts(Parse(One(kind, x, y))));
    }

    [Theory]
    [InlineData(new[] { 3.0 }, new[] { 3.0 })]
    [InlineData(new[] { 0.0, 0.0 }, new[] { 0.0, 0.0 })]
    [InlineData(new[] { 0.0, 1.0, 2.0 }, new[] { 5.0, 5.0, 5.0 })]
    [InlineData(new[] { -1e308, 1e308 }, new[] { -1.7e308, 1.7e308 })]
    [InlineData(new[] { 0, 5e-324 }, new[] { 5e-324, 1e-310 })]
    [InlineData(new[] { 1, 1.0000000000000002 }, new[] { 1e15, 1e15 + 0.125 })]
    [InlineData(new[] { 0.0, 1.0, 2.0, 3.0 }, new[] { 1.0, double.PositiveInfinity, double.NaN, 2.0 })]
    [InlineData(new[] { 0.0, 1.0, 2.0, 3.0, 4.0 }, new[] { 1.0 })]
    public void Draw_DegenerateOrExtremeValues_HasOnlyFiniteCoordinatesInsideThePlot(double[] x, double[] y)
    {
        foreach (var kind in Kinds)
        {
            foreach (var logarithmic in new[] { false, true })
            {
                foreach (var equal in new[] { false, true })
                {
                    var chart = One(kind, x, y) with { X = new("x", logarithmic), Y = new("y", logarithmic), EqualScales = equal };
                    AssertCoordinates(Parse(chart));
                }
            }
        }
    }

    [Fact]
    public void Draw_InfiniteValueInALine_BreaksIt()
    {
        var root = Parse(One(SeriesKind.Line, [0, 1, 2, 3, 4], [1, 2, double.PositiveInfinity, 2, 1]));
        Assert.Equal(2, root.Descendants(Svg + "path").Count());
    }

    [Fact]
    public void Draw_Bars_OneRectanglePerValueStandingOnZero()
    {
        var root = Parse(One(SeriesKind.Bars, [0, 1, 2, 4], [1, 3, 2]) with { Y = new("count") });
        var bars = root.Elements(Svg + "g").Last().Descendants(Svg + "rect").ToList();
        Assert.Equal(3, bars.Count);
        var feet = bars.Select(bar => Number(bar, "y") + Number(bar, "height")).ToList();
        Assert.All(feet, foot => Assert.Equal(feet[0], foot, 0.02));
        Assert.Equal(2 * Number(bars[0], "width"), Number(bars[2], "width"), 0.02);
        Assert.Equal(3 * Number(bars[0], "height"), Number(bars[1], "height"), 0.05);
    }

    [Fact]
    public void Draw_EqualScales_ACircleStaysRound()
    {
        var angles = Enumerable.Range(0, 101).Select(i => i * Math.Tau / 100).ToArray();
        var circle = new Series("circle", SeriesKind.Line, [.. angles.Select(a => 3 + (10 * Math.Cos(a)))], [.. angles.Select(a => 10 * Math.Sin(a))]);
        var line = new Series("line", SeriesKind.Line, [-40.0, 60.0], [0.0, 0.0]);
        var root = Parse(new Chart("round", new("x"), new("y"), [circle, line]) { EqualScales = true });
        var path = ((string)root.Descendants(Svg + "path").First().Attribute("d")!)[1..].Split(' ')
            .Select(pair => pair.Split(',')).Select(pair => (X: Parse(pair[0]), Y: Parse(pair[1]))).ToList();
        Assert.Equal(path.Max(point => point.X) - path.Min(point => point.X), path.Max(point => point.Y) - path.Min(point => point.Y), 0.1);
    }

    [Fact]
    public void Draw_LogarithmicAxis_TicksAreDecades()
    {
        var chart = One(SeriesKind.Line, [1, 2, 3], [1e-7, 1, 1e5]) with { Y = new("kl", true) };
        var texts = Texts(Parse(chart));
        Assert.Contains("0.001", texts);
        Assert.Contains("1000", texts);
    }

    [Fact]
    public void Draw_ManySeries_LegendStaysAboveThePlotAndNamesAreShortened()
    {
        var series = Enumerable.Range(0, 40).Select(i => new Series($"series number {i} {new string('n', 200)}", SeriesKind.Line, [0.0, 1.0], [0.0, i])).ToList();
        AssertCoordinates(Parse(new Chart("many", new("x"), new("y"), series)));
    }

    [Fact]
    public void Draw_ErrorBars_ReachFromLowToHighAndStayInsideThePlot()
    {
        var series = new Series("mean", SeriesKind.Points, [0.0, 1.0], [2.0, 3.0]) { Low = [1.0, -5.0], High = [3.0, 11.0] };
        var root = Parse(new Chart("means", new("x"), new("y"), [series]));
        AssertCoordinates(root);
        var bars = root.Elements(Svg + "g").Last().Descendants(Svg + "line").Where(line => Number(line, "x1") == Number(line, "x2")).ToList();
        Assert.Equal(2, bars.Count);
        double Height(XElement bar) => Number(bar, "y1") - Number(bar, "y2");
        Assert.Equal(8 * Height(bars[0]), Height(bars[1]), 0.1);
        var dots = root.Descendants(Svg + "circle").Where(dot => Number(dot, "r") == 3).ToList();
        Assert.Equal((Number(bars[0], "y1") + Number(bars[0], "y2")) / 2, Number(dots[0], "cy"), 0.02);
    }

    [Fact]
    public void Draw_ErrorBarWithAnEndThatCannotBeShown_IsLeftOut()
    {
        var series = new Series("mean", SeriesKind.Points, [1.0, 2.0, 3.0], [2.0, 3.0, 1.0]) { Low = [0.0, 2.0, double.NegativeInfinity], High = [3.0, 4.0, 2.0] };
        var root = Parse(new Chart("means", new("x"), new("y", true), [series]));
        AssertCoordinates(root);
        Assert.Equal(3, root.Elements(Svg + "g").Last().Descendants(Svg + "line").Count());
    }

    [Fact]
    public void Draw_Categories_StandAtTheirPlacesByName()
    {
        var series = new Series("score", SeriesKind.Points, [0.0, 1.0, 2.0], [1.0, 2.0, 3.0]);
        string[] names = ["forward-kl", "reverse-kl", new('n', 90)];
        var root = Parse(new Chart("scores", new("objective") { Categories = names }, new("y"), [series]));
        AssertCoordinates(root);
        foreach (var (name, index) in names[..2].Select((name, index) => (name, index)))
        {
            var label = root.Descendants(Svg + "text").Single(text => text.Value == name);
            Assert.Equal(Number(root.Descendants(Svg + "circle").Where(dot => Number(dot, "r") == 3).ElementAt(index), "cx"), Number(label, "x"), 0.02);
        }

        Assert.Contains(Texts(root), text => text.StartsWith("nnnn", StringComparison.Ordinal) && text.Length < 40);
    }

    private static Chart Curves() => new("Two curves", new("step"), new("loss (nats)"),
    [
        new("falling", SeriesKind.Line, [0, 1, 2], [3, 2, 1]),
        new("rising", SeriesKind.Dashed, [0, 1, 2], [1, 2, 3]),
    ])
    { Description = "One falls, one rises." };

    private static Chart One(SeriesKind kind, double[] x, double[] y) => new("one", new("x"), new("y"), [new("series", kind, x, y)]);

    private static XElement Parse(Chart chart) => XDocument.Parse(SvgChart.Draw(chart)).Root!;

    private static List<string> Texts(XElement root) => [.. root.Descendants(Svg + "text").Select(text => text.Value)];

    private static void AssertCoordinates(XElement root)
    {
        var (width, height) = (Number(root, "width"), Number(root, "height"));
        foreach (var element in root.Descendants())
        {
            foreach (var name in Abscissae.Where(name => element.Attribute(name) is not null)) Assert.InRange(Number(element, name), -1, width + 1);
            foreach (var name in Ordinates.Where(name => element.Attribute(name) is not null)) Assert.InRange(Number(element, name), -1, height + 1);
            if (element.Attribute("d") is { } path) Assert.DoesNotMatch("NaN|Infinity|∞|E", path.Value);
        }
    }

    private static double Number(XElement element, string name) => Parse((string)element.Attribute(name)!);

    private static double Parse(string number) => double.Parse(number.TrimEnd('Z'), NumberStyles.Float, CultureInfo.InvariantCulture);
}
