using KlCore.Charts;

namespace KlApi.Charts;

/// <summary>Bars that say how uncertain the points of a series are. One of which an end cannot be shown is left out.</summary>
internal static class ErrorBars
{
    private const double HalfCap = 5;

    /// <summary>The ends of all bars: the axes reach as far as these.</summary>
    public static IEnumerable<(double X, double Y)> Ends(Series series)
    {
        foreach (var (x, low, high) in Of(series))
        {
            yield return (x, low);
            yield return (x, high);
        }
    }

    /// <summary>Draws the bars of <paramref name="series"/>, with caps.</summary>
    public static void Draw(SvgText svg, Series series, string colour, Layout layout)
    {
        if (series.Low is null || series.High is null) return;
        svg.Line($"<g stroke=\"{colour}\" stroke-width=\"1.5\">");
        foreach (var (x, low, high) in Of(series))
        {
            if (!Marks.Shows(layout, (x, low)) || !Marks.Shows(layout, (x, high))) continue;
            var (centre, bottom, top) = (layout.X.At(x), layout.Y.At(low), layout.Y.At(high));
            Segment(svg, centre, bottom, centre, top);
            Segment(svg, centre - HalfCap, bottom, centre + HalfCap, bottom);
            Segment(svg, centre - HalfCap, top, centre + HalfCap, top);
        }

        svg.Line("</g>");
    }

    private static IEnumerable<(double X, double Low, double High)> Of(Series series)
    {
        if (series.Low is not { } low || series.High is not { } high) yield break;
        for (var i = 0; i < Math.Min(series.X.Count, Math.Min(low.Count, high.Count)); i++) yield return (series.X[i], low[i], high[i]);
    }

    private static void Segment(SvgText svg, double x1, double y1, double x2, double y2) =>
        svg.Line($"<line x1=\"{SvgText.Number(x1)}\" y1=\"{SvgText.Number(y1)}\" x2=\"{SvgText.Number(x2)}\" y2=\"{SvgText.Number(y2)}\"/>");
}
