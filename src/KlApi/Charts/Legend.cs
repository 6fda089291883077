using KlCore.Charts;

namespace KlApi.Charts;

/// <summary>The names of the series with a sample of each, in rows below the title.</summary>
internal static class Legend
{
    private const double First = 48;
    private const double RowHeight = 20;
    private const double Swatch = 26;
    private const int MostNamed = 24;

    /// <summary>How far down the legend reaches.</summary>
    public static double Bottom(Chart chart, double width) =>
        Needed(chart) ? First + (RowHeight * Places(chart, width).Select(place => place.Row).DefaultIfEmpty(0).Max()) + 6 : 36;

    /// <summary>Draws the legend; a single series without a name needs none.</summary>
    public static void Draw(SvgText svg, Chart chart, Layout layout)
    {
        if (!Needed(chart)) return;
        foreach (var (index, column, row) in Places(chart, layout.Width))
        {
            var y = First + (RowHeight * row);
            Marks.Sample(svg, chart.Series[index].Kind, Palette.Of(index), column, y - 4, Swatch - 6);
            svg.Text(column + Swatch, y, Name(chart, index), $"font-size=\"12\" fill=\"{Palette.Ink}\"");
        }
    }

    private static bool Needed(Chart chart) => chart.Series.Count > 1 || chart.Series.Any(series => series.Name.Length > 0);

    private static string Name(Chart chart, int index) => SvgChart.Shorten(chart.Series[index].Name, 40);

    private static IEnumerable<(int Index, double Column, int Row)> Places(Chart chart, double width)
    {
        var (column, row) = (Layout.Margin, 0);
        for (var i = 0; i < Math.Min(chart.Series.Count, MostNamed); i++)
        {
            var taken = Swatch + Layout.WidthOf(Name(chart, i)) + 20;
            if (column > Layout.Margin && column + taken > width) (column, row) = (Layout.Margin, row + 1);
            yield return (i, column, row);
            column += taken;
        }
    }
}
