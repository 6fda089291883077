using KlCore.Charts;

namespace KlApi.Charts;

/// <summary>Where everything goes: the plot's edges in pixels and the scales between data and pixels.</summary>
internal sealed record Layout(double Width, double Height, double Left, double Right, double Top, double Bottom, Scale X, Scale Y)
{
    /// <summary>The white edge around everything.</summary>
    public const double Margin = 16;

    private const double AxisHeight = 52;
    private const double LetterWidth = 6.7;

    /// <summary>The ticks of the horizontal axis.</summary>
    public required IReadOnlyList<Tick> XTicks { get; init; }

    /// <summary>The ticks of the vertical axis.</summary>
    public required IReadOnlyList<Tick> YTicks { get; init; }

    /// <summary>Whether no series has anything that the axes can show.</summary>
    public required bool Empty { get; init; }

    /// <summary>The layout of <paramref name="chart"/>.</summary>
    public static Layout Of(Chart chart)
    {
        var (width, height) = chart.EqualScales ? (640.0, 600.0) : (760.0, 440.0);
        var (x, y, empty) = Extents(chart);
        var top = Legend.Bottom(chart, width) + 12;
        var bottom = height - AxisHeight;
        // The labels' width decides the plot's left edge, which with equal scales decides the extent and so the labels: two rounds settle it.
        var (left, right) = (72.0, width - Margin - 8);
        if (chart.EqualScales) (x, y) = Equalised(chart, x, y, right - left, bottom - top);
        var yTicks = TicksOf(chart.Y, y, 6, bottom - top);
        left = 44 + (LetterWidth * yTicks.Select(tick => tick.Label.Length).DefaultIfEmpty(1).Max());
        if (chart.EqualScales) (x, y) = Equalised(chart, x, y, right - left, bottom - top);
        var xTicks = TicksOf(chart.X, x, 8, right - left);
        return new Layout(width, height, left, right, top, bottom, new(x, chart.X.Logarithmic, left, right), new(y, chart.Y.Logarithmic, bottom, top))
        {
            XTicks = xTicks,
            YTicks = TicksOf(chart.Y, y, 6, bottom - top),
            Empty = empty,
        };
    }

    /// <summary>About how many pixels <paramref name="text"/> takes at the size of labels.</summary>
    public static double WidthOf(string text) => LetterWidth * text.Length;

    // A category's name gets as much of the axis as its neighbours', and never all of the margin.
    private static IReadOnlyList<Tick> TicksOf(Axis axis, Extent extent, int count, double pixels)
    {
        if (axis.Categories is not { } names) return Ticks.Of(extent, axis.Logarithmic, count);
        var letters = Math.Clamp((int)(pixels / Math.Max(1, names.Count) / LetterWidth) - 1, 4, 24);
        return [.. names.Select((name, index) => new Tick(index, SvgChart.Shorten(name, letters)))];
    }

    private static (Extent X, Extent Y, bool Empty) Extents(Chart chart)
    {
        var (x, y, empty) = Measured(chart);
        return (Named(chart.X) ?? x, Named(chart.Y) ?? y, empty);
    }

    private static Extent? Named(Axis axis) => axis.Categories is { Count: > 0 } names ? new Extent(-0.5, names.Count - 0.5) : null;

    private static (Extent X, Extent Y, bool Empty) Measured(Chart chart)
    {
        // Only points of which both coordinates can be shown say how far the axes go.
        var shown = chart.Series.SelectMany(series => Marks.Corners(series).Concat(ErrorBars.Ends(series))).Where(point => Extent.Shows(chart.X, point.X) && Extent.Shows(chart.Y, point.Y)).ToList();
        var x = Extent.Of(shown.Select(point => point.X), chart.X);
        var y = Extent.Of(shown.Select(point => point.Y), chart.Y);
        if (x is null || y is null) return (Extent.Unit(chart.X.Logarithmic), Extent.Unit(chart.Y.Logarithmic), true);
        var standing = chart.Series.Any(series => series.Kind is SeriesKind.Area or SeriesKind.Bars) && !chart.Y.Logarithmic;
        var loose = chart.EqualScales || chart.Series.Any(series => series.Kind is SeriesKind.Points);
        var vertical = (standing ? y.Value.WithZero() : y.Value).Padded(chart.Y.Logarithmic, 0.05);
        // What stands on zero starts there, without a gap below.
        if (standing && y.Value.Minimum >= 0) vertical = vertical with { Minimum = 0 };
        return (x.Value.Padded(chart.X.Logarithmic, loose ? 0.04 : 0), vertical, false);
    }

    private static (Extent X, Extent Y) Equalised(Chart chart, Extent x, Extent y, double width, double height)
    {
        if (chart.X.Logarithmic || chart.Y.Logarithmic) return (x, y);
        var perPixel = Math.Max((x.Maximum / width) - (x.Minimum / width), (y.Maximum / height) - (y.Minimum / height));
        var wide = Around(x, perPixel * width);
        var high = Around(y, perPixel * height);
        return double.IsFinite(wide.Maximum / 2) && double.IsFinite(high.Maximum / 2) ? (wide, high) : (x, y);
    }

    private static Extent Around(Extent extent, double range)
    {
        var middle = (extent.Minimum / 2) + (extent.Maximum / 2);
        return new(Math.Max(middle - (range / 2), -double.MaxValue), Math.Min(middle + (range / 2), double.MaxValue));
    }
}
