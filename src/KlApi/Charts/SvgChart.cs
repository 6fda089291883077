using KlCore.Charts;

namespace KlApi.Charts;

/// <summary>
/// Draws a <see cref="Chart"/> as one self-contained SVG document: no script, no style sheet, no font or image from elsewhere.
/// The same chart gives the same text, so an answer can be cached and compared.
/// </summary>
internal static class SvgChart
{
    /// <summary>The media type of what <see cref="Draw"/> returns.</summary>
    public const string MediaType = "image/svg+xml";

    /// <summary>The picture of <paramref name="chart"/>. Values that its scales cannot show (infinite, not positive on a logarithmic axis) break lines and are left out.</summary>
    public static string Draw(Chart chart)
    {
        var svg = new SvgText();
        if (chart.Cells is { } cells)
        {
            var drawing = new HeatMapDrawing(cells);
            Open(svg, chart, drawing.Width, drawing.Height);
            drawing.Draw(svg, chart);
        }
        else
        {
            var layout = Layout.Of(chart);
            Open(svg, chart, layout.Width, layout.Height);
            DrawSeries(svg, chart, layout);
        }

        svg.Line("</svg>");
        return svg.ToString();
    }

    /// <summary>At most <paramref name="length"/> characters of <paramref name="text"/>; the document's title and description hold all of it.</summary>
    internal static string Shorten(string text, int length) => text.Length <= length ? text : string.Concat(text.AsSpan(0, length - 1), "…");

    private static void DrawSeries(SvgText svg, Chart chart, Layout layout)
    {
        var key = Key(chart);
        svg.Line($"<clipPath id=\"plot-{key}\">{Rectangle(layout)}/></clipPath>");
        Legend.Draw(svg, chart, layout);
        Axes.Draw(svg, chart, layout);
        svg.Line($"<g clip-path=\"url(#plot-{key})\">");
        for (var i = 0; i < chart.Series.Count; i++) Marks.Draw(svg, chart.Series[i], Palette.Of(i), layout);
        svg.Line("</g>");
        if (layout.Empty)
            svg.Text((layout.Left + layout.Right) / 2, (layout.Top + layout.Bottom) / 2, "Nothing to show", $"text-anchor=\"middle\" font-size=\"14\" fill=\"{Palette.Muted}\"");
    }

    private static void Open(SvgText svg, Chart chart, double width, double height)
    {
        var key = Key(chart);
        var size = $"width=\"{SvgText.Number(width)}\" height=\"{SvgText.Number(height)}\" viewBox=\"0 0 {SvgText.Number(width)} {SvgText.Number(height)}\"";
        svg.Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" {size} role=\"img\" aria-labelledby=\"title-{key} description-{key}\" font-family=\"system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif\">");
        svg.Line($"<title id=\"title-{key}\">{SvgText.Escape(chart.Title)}</title>");
        svg.Line($"<desc id=\"description-{key}\">{SvgText.Escape(chart.Description)}</desc>");
        svg.Line($"<rect width=\"100%\" height=\"100%\" fill=\"{Palette.Paper}\"/>");
        svg.Text(Layout.Margin, 26, Shorten(chart.Title, 84), $"font-size=\"16\" font-weight=\"600\" fill=\"{Palette.Ink}\"");
    }

    private static string Rectangle(Layout layout) =>
        $"<rect x=\"{SvgText.Number(layout.Left - 1)}\" y=\"{SvgText.Number(layout.Top - 1)}\" width=\"{SvgText.Number(layout.Right - layout.Left + 2)}\" height=\"{SvgText.Number(layout.Bottom - layout.Top + 2)}\"";

    /// <summary>Tells the ids of several charts on one page apart; FNV-1a, since a string's own hash differs from run to run.</summary>
    private static string Key(Chart chart)
    {
        var hash = 2166136261u;
        foreach (var character in $"{chart.Title}\n{chart.Description}\n{string.Join('\n', chart.Series.Select(series => series.Name))}")
            hash = unchecked((hash ^ character) * 16777619u);
        return hash.ToString("x8");
    }
}
