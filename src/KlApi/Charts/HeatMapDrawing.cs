using KlCore.Charts;

namespace KlApi.Charts;

/// <summary>Draws the matrix of a chart, with the names of its rows and columns and the labels of its axes.</summary>
internal sealed class HeatMapDrawing
{
    private const double Side = 480, Top = 44, SmallestForNumbers = 22, HeightOfTexts = 24;
    private const int Shades = 64, LongestName = 16;

    private readonly HeatMap _map;
    private readonly int _columns;
    private readonly double _left, _width, _height, _minimum, _range;

    public HeatMapDrawing(HeatMap map)
    {
        _map = map;
        _columns = map.Rows.Count == 0 ? 0 : map.Rows.Max(row => row.Count);
        _width = _height = Math.Min(48, Side / Math.Max(1, Math.Max(map.Rows.Count, _columns)));
        if (map.Texts is { } texts)
            (_width, _height) = (12 + Layout.WidthOf(new string('m', texts.SelectMany(row => row).Select(text => Math.Min(text.Length, LongestName)).DefaultIfEmpty(1).Max())), HeightOfTexts);
        var letters = map.RowNames is { Count: > 0 } names ? names.Max(name => Math.Min(name.Length, LongestName)) : 0;
        _left = letters == 0 ? Layout.Margin : Layout.Margin + 26 + Layout.WidthOf(new string('m', letters));
        var finite = map.Rows.SelectMany(row => row).Where(double.IsFinite).DefaultIfEmpty(0).ToList();
        _minimum = map.Minimum ?? finite.Min();
        _range = (map.Maximum ?? finite.Max()) - _minimum;
    }

    /// <summary>How wide the picture is.</summary>
    public double Width => Math.Max(360, _left + _width * _columns + Layout.Margin);

    /// <summary>How high it is.</summary>
    public double Height => Bottom + (_map.ColumnNames is null ? Layout.Margin : 48);

    private double Bottom => Top + _height * _map.Rows.Count;

    /// <summary>Draws everything below the title.</summary>
    public void Draw(SvgText svg, Chart chart)
    {
        svg.Line("<g shape-rendering=\"crispEdges\">");
        for (var i = 0; i < _map.Rows.Count; i++) DrawRow(svg, i);
        svg.Line("</g>");
        svg.Line($"<rect x=\"{SvgText.Number(_left)}\" y=\"{SvgText.Number(Top)}\" width=\"{SvgText.Number(_width * _columns)}\" height=\"{SvgText.Number(Bottom - Top)}\" fill=\"none\" stroke=\"{Palette.Frame}\"/>");
        if (_map.Texts is { } texts) DrawTexts(svg, texts);
        else if (_map.ShowsNumbers && _width >= SmallestForNumbers) DrawNumbers(svg);
        svg.Line($"<g font-size=\"12\" fill=\"{Palette.Muted}\">");
        DrawNames(svg, chart);
        svg.Line("</g>");
        if (_map.Rows.Count == 0 || _columns == 0) svg.Text(Layout.Margin, Top + 20, "Nothing to show", $"font-size=\"14\" fill=\"{Palette.Muted}\"");
    }

    /// <summary>Neighbours of one shade are one rectangle: an image of many pixels stays a small document.</summary>
    private void DrawRow(SvgText svg, int row)
    {
        var values = _map.Rows[row];
        for (int from = 0, to; from < values.Count; from = to)
        {
            var shade = ShadeOf(values[from]);
            for (to = from + 1; to < values.Count && ShadeOf(values[to]) == shade; to++)
            {
            }

            if (shade > 0)
                svg.Line($"<rect x=\"{SvgText.Number(_left + from * _width)}\" y=\"{SvgText.Number(Top + row * _height)}\" width=\"{SvgText.Number((to - from) * _width)}\" height=\"{SvgText.Number(_height)}\" fill=\"{Colour(shade)}\"/>");
        }
    }

    private void DrawNumbers(SvgText svg)
    {
        svg.Line("<g font-size=\"11\" text-anchor=\"middle\">");
        for (var i = 0; i < _map.Rows.Count; i++)
        {
            for (var j = 0; j < _map.Rows[i].Count; j++)
            {
                var value = _map.Rows[i][j];
                if (value == 0 || !double.IsFinite(value)) continue;
                DrawText(svg, i, j, Ticks.Label(value, Math.Abs(value) / 100));
            }
        }

        svg.Line("</g>");
    }

    private void DrawTexts(SvgText svg, IReadOnlyList<IReadOnlyList<string>> texts)
    {
        svg.Line("<g font-size=\"12\" text-anchor=\"middle\">");
        for (var i = 0; i < Math.Min(texts.Count, _map.Rows.Count); i++)
            for (var j = 0; j < Math.Min(texts[i].Count, _map.Rows[i].Count); j++) DrawText(svg, i, j, SvgChart.Shorten(texts[i][j], LongestName));
        svg.Line("</g>");
    }

    private void DrawText(SvgText svg, int row, int column, string text) =>
        svg.Text(_left + (column + 0.5) * _width, Top + (row + 0.5) * _height + 4, text, $"fill=\"{(ShadeOf(_map.Rows[row][column]) > Shades / 2 ? Palette.Paper : Palette.Ink)}\"");

    private void DrawNames(SvgText svg, Chart chart)
    {
        if (_map.RowNames is { } rows)
        {
            // Where the rows are closer than their names are high, some names are left out.
            var every = (int)Math.Ceiling(13 / _height);
            for (var i = 0; i < Math.Min(rows.Count, _map.Rows.Count); i += every)
                svg.Text(_left - 6, Top + (i + 0.5) * _height + 4, SvgChart.Shorten(rows[i], LongestName), "text-anchor=\"end\"");
            svg.Text(0, 0, SvgChart.Shorten(chart.Y.Label, 50), $"text-anchor=\"middle\" transform=\"translate(20 {SvgText.Number((Top + Bottom) / 2)}) rotate(-90)\"");
        }

        if (_map.ColumnNames is not { } columns) return;
        var free = double.NegativeInfinity;
        for (var j = 0; j < Math.Min(columns.Count, _columns); j++)
        {
            var name = SvgChart.Shorten(columns[j], LongestName);
            var (x, half) = (_left + (j + 0.5) * _width, Layout.WidthOf(name) / 2);
            if (x - half < free) continue;
            free = x + half + 6;
            svg.Text(x, Bottom + 17, name, "text-anchor=\"middle\"");
        }

        svg.Text(_left + _width * _columns / 2, Bottom + 38, SvgChart.Shorten(chart.X.Label, 60), "text-anchor=\"middle\"");
    }

    /// <summary>From 0, which is paper, to the darkest.</summary>
    private int ShadeOf(double value)
    {
        if (!double.IsFinite(value) || !(_range > 0) || !double.IsFinite(_range)) return 0;
        return (int)Math.Round(Shades * Math.Clamp((value - _minimum) / _range, 0, 1));
    }

    private string Colour(int shade)
    {
        var share = (double)shade / Shades;
        var (red, green, blue) = _map.IsGrey ? (0x1f, 0x29, 0x33) : (0x00, 0x52, 0x8c);
        return $"#{Mixed(red):x2}{Mixed(green):x2}{Mixed(blue):x2}";

        int Mixed(int dark) => (int)Math.Round(255 + share * (dark - 255));
    }
}
