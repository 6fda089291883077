using KlCore.Charts;

namespace KlApi.Charts;

/// <summary>The grid, the labels at the ticks and what the axes measure.</summary>
internal static class Axes
{
    /// <summary>Draws both axes.</summary>
    public static void Draw(SvgText svg, Chart chart, Layout layout)
    {
        svg.Line($"<g stroke=\"{Palette.Grid}\" stroke-width=\"1\">");
        foreach (var tick in layout.XTicks) Segment(svg, layout.X.At(tick.Value), layout.Top, layout.X.At(tick.Value), layout.Bottom);
        foreach (var tick in layout.YTicks) Segment(svg, layout.Left, layout.Y.At(tick.Value), layout.Right, layout.Y.At(tick.Value));
        svg.Line("</g>");
        svg.Line($"<g stroke=\"{Palette.Frame}\" stroke-width=\"1\">");
        Segment(svg, layout.Left, layout.Bottom, layout.Right, layout.Bottom);
        Segment(svg, layout.Left, layout.Top, layout.Left, layout.Bottom);
        svg.Line("</g>");
        svg.Line($"<g font-size=\"12\" fill=\"{Palette.Muted}\">");
        Labels(svg, layout);
        svg.Text((layout.Left + layout.Right) / 2, layout.Height - 12, SvgChart.Shorten(chart.X.Label, 80), "text-anchor=\"middle\"");
        var middle = SvgText.Number((layout.Top + layout.Bottom) / 2);
        svg.Text(0, 0, SvgChart.Shorten(chart.Y.Label, 50), $"text-anchor=\"middle\" transform=\"translate(22 {middle}) rotate(-90)\"");
        svg.Line("</g>");
    }

    private static void Labels(SvgText svg, Layout layout)
    {
        var free = double.NegativeInfinity;
        foreach (var tick in layout.XTicks)
        {
            var (x, half) = (layout.X.At(tick.Value), Layout.WidthOf(tick.Label) / 2);
            // A label that would run into its neighbour is left out; its grid line stays.
            if (x - half < free) continue;
            free = x + half + 8;
            svg.Text(x, layout.Bottom + 18, tick.Label, "text-anchor=\"middle\"");
        }

        foreach (var tick in layout.YTicks) svg.Text(layout.Left - 7, layout.Y.At(tick.Value) + 4, tick.Label, "text-anchor=\"end\"");
    }

    private static void Segment(SvgText svg, double x1, double y1, double x2, double y2) =>
        svg.Line($"<line x1=\"{SvgText.Number(x1)}\" y1=\"{SvgText.Number(y1)}\" x2=\"{SvgText.Number(x2)}\" y2=\"{SvgText.Number(y2)}\"/>");
}
