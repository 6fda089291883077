using System.Text;
using KlCore.Charts;

namespace KlApi.Charts;

/// <summary>Draws a series: line, dashes, area, dots or bars.</summary>
internal static class Marks
{
    /// <summary>The points that decide how far the axes go: those of a line, the upper corners of bars.</summary>
    public static IEnumerable<(double X, double Y)> Corners(Series series)
    {
        if (series.Kind is not SeriesKind.Bars)
        {
            for (var i = 0; i < Math.Min(series.X.Count, series.Y.Count); i++) yield return (series.X[i], series.Y[i]);
            yield break;
        }

        for (var i = 0; i < Math.Min(series.X.Count - 1, series.Y.Count); i++)
        {
            yield return (series.X[i], series.Y[i]);
            yield return (series.X[i + 1], series.Y[i]);
        }
    }

    /// <summary>Draws <paramref name="series"/> in <paramref name="colour"/>.</summary>
    public static void Draw(SvgText svg, Series series, string colour, Layout layout)
    {
        ErrorBars.Draw(svg, series, colour, layout);
        switch (series.Kind)
        {
            case SeriesKind.Points: Dots(svg, series, colour, layout); break;
            case SeriesKind.Bars: Bars(svg, series, colour, layout); break;
            default:
                foreach (var run in Runs(series, layout)) Stroke(svg, series.Kind, run, colour, layout);
                break;
        }
    }

    /// <summary>A small sample of how series of <paramref name="kind"/> look, for the legend.</summary>
    public static void Sample(SvgText svg, SeriesKind kind, string colour, double x, double y, double width)
    {
        var (left, right, middle) = (SvgText.Number(x), SvgText.Number(x + width), SvgText.Number(y));
        if (kind is SeriesKind.Points) svg.Line($"<circle cx=\"{SvgText.Number(x + (width / 2))}\" cy=\"{middle}\" r=\"4\" fill=\"{colour}\"/>");
        else if (kind is SeriesKind.Bars or SeriesKind.Area)
            svg.Line($"<rect x=\"{left}\" y=\"{SvgText.Number(y - 5)}\" width=\"{SvgText.Number(width)}\" height=\"10\" fill=\"{colour}\" fill-opacity=\"0.25\" stroke=\"{colour}\"/>");
        else svg.Line($"<line x1=\"{left}\" y1=\"{middle}\" x2=\"{right}\" y2=\"{middle}\" stroke=\"{colour}\" stroke-width=\"2\"{Dashes(kind)}/>");
    }

    private static string Dashes(SeriesKind kind) => kind is SeriesKind.Dashed ? " stroke-dasharray=\"6 4\"" : "";

    /// <summary>The stretches of a line between values that cannot be shown, in pixels; points that fall on their predecessor are left out.</summary>
    private static IEnumerable<List<(double X, double Y)>> Runs(Series series, Layout layout)
    {
        var run = new List<(double X, double Y)>();
        foreach (var point in Corners(series))
        {
            if (Shows(layout, point))
            {
                (double X, double Y) pixel = (layout.X.At(point.X), layout.Y.At(point.Y));
                if (run.Count == 0 || Math.Abs(run[^1].X - pixel.X) + Math.Abs(run[^1].Y - pixel.Y) >= 0.05) run.Add(pixel);
            }
            else if (run.Count > 0)
            {
                yield return run;
                run = [];
            }
        }

        if (run.Count > 0) yield return run;
    }

    private static void Stroke(SvgText svg, SeriesKind kind, List<(double X, double Y)> run, string colour, Layout layout)
    {
        if (run.Count == 1)
        {
            Dot(svg, run[0], colour, 2.5);
            return;
        }

        var path = new StringBuilder("M");
        foreach (var (x, y) in run) path.Append(path.Length == 1 ? "" : " ").Append(SvgText.Number(x)).Append(',').Append(SvgText.Number(y));
        if (kind is SeriesKind.Area)
        {
            var ground = SvgText.Number(Ground(layout));
            svg.Line($"<path d=\"{path} {SvgText.Number(run[^1].X)},{ground} {SvgText.Number(run[0].X)},{ground}Z\" fill=\"{colour}\" fill-opacity=\"0.18\"/>");
        }

        svg.Line($"<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-linejoin=\"round\"{Dashes(kind)}/>");
    }

    private static void Dots(SvgText svg, Series series, string colour, Layout layout)
    {
        svg.Line("<g fill-opacity=\"0.7\">");
        var radius = series.X.Count > 500 ? 1.5 : 3;
        foreach (var point in Corners(series).Where(point => Shows(layout, point))) Dot(svg, (layout.X.At(point.X), layout.Y.At(point.Y)), colour, radius);
        svg.Line("</g>");
    }

    private static void Dot(SvgText svg, (double X, double Y) pixel, string colour, double radius) =>
        svg.Line($"<circle cx=\"{SvgText.Number(pixel.X)}\" cy=\"{SvgText.Number(pixel.Y)}\" r=\"{SvgText.Number(radius)}\" fill=\"{colour}\"/>");

    private static void Bars(SvgText svg, Series series, string colour, Layout layout)
    {
        svg.Line($"<g fill=\"{colour}\" fill-opacity=\"0.25\" stroke=\"{colour}\" stroke-opacity=\"0.6\" stroke-width=\"1\">");
        var ground = Ground(layout);
        for (var i = 0; i < Math.Min(series.X.Count - 1, series.Y.Count); i++)
        {
            var (low, high, value) = (series.X[i], series.X[i + 1], series.Y[i]);
            if (!Shows(layout, (low, value)) || !Shows(layout, (high, value)) || value == 0) continue;
            var (left, right, top) = (layout.X.At(Math.Min(low, high)), layout.X.At(Math.Max(low, high)), layout.Y.At(value));
            svg.Line($"<rect x=\"{SvgText.Number(left)}\" y=\"{SvgText.Number(Math.Min(top, ground))}\" width=\"{SvgText.Number(right - left)}\" height=\"{SvgText.Number(Math.Abs(ground - top))}\"/>");
        }

        svg.Line("</g>");
    }

    /// <summary>Where areas and bars stand: at zero, or at the foot of a logarithmic axis.</summary>
    private static double Ground(Layout layout) => layout.Y.Logarithmic ? layout.Bottom : layout.Y.At(Math.Clamp(0, layout.Y.Extent.Minimum, layout.Y.Extent.Maximum));

    /// <summary>Whether both axes can show the point.</summary>
    public static bool Shows(Layout layout, (double X, double Y) point) =>
        double.IsFinite(point.X) && double.IsFinite(point.Y) && (!layout.X.Logarithmic || point.X > 0) && (!layout.Y.Logarithmic || point.Y > 0);
}
