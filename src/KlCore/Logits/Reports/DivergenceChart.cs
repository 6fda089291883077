using System.Globalization;
using KlCore.Charts;

namespace KlCore.Logits.Reports;

/// <summary>The picture of a report: how the forward KL of the positions is distributed.</summary>
public static class DivergenceChart
{
    private const int MaximumBars = 60;

    /// <summary>Decades far below everything else that are drawn as one bar.</summary>
    private const double Smallest = 1e-12;

    /// <summary>A histogram of log10 of the forward KL in nats. Zeros and infinities have no place on the axis and are told in words.</summary>
    public static Chart Of(ComparisonSummary summary)
    {
        var column = summary.Columns[(int)Column.Forward];
        var sketch = QuantileSketch.From(column.Sketch!);
        var (edges, counts) = Bars([.. sketch.Intervals()]);
        return new Chart("Forward KL of positions", new Axis("log10 KL(p || q) (nats)"), new Axis("positions"), [new Series("positions", SeriesKind.Bars, edges, counts)])
        {
            Description = Describe(sketch, column),
        };
    }

    private static (double[] Edges, double[] Counts) Bars((double Low, double High, long Count)[] intervals)
    {
        if (intervals.Length == 0) return ([0, 1], [0]);
        var (low, high) = (Place(intervals[0].Low), Place(intervals[^1].High));
        // Bars of a whole fraction of a decade, at most sixty of them.
        var perDecade = Math.Max(1, Math.Min(10, Math.Floor(MaximumBars / Math.Max(1, high - low))));
        var first = Math.Floor(low * perDecade);
        var counts = new double[Math.Max(1, (int)(Math.Ceiling(high * perDecade) - first))];
        foreach (var (from, to, count) in intervals)
            counts[Math.Clamp((int)((Place(from) + Place(to)) / 2 * perDecade - first), 0, counts.Length - 1)] += count;
        return ([.. Enumerable.Range(0, counts.Length + 1).Select(i => (first + i) / perDecade)], counts);
    }

    private static double Place(double value) => Math.Log10(Math.Max(Smallest, value));

    private static string Describe(QuantileSketch sketch, ColumnSummary column)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"The forward KL of {sketch.Count} positions");
        var finite = sketch.Count - sketch.Infinite;
        if (finite > 0)
        {
            var median = sketch.InOrder(column.Minimum, column.Maximum).Percentile(50);
            text += string.Create(CultureInfo.InvariantCulture, $", from {column.Minimum:G3} to {column.Maximum:G3} nats with a median of {median:G3}");
        }

        if (sketch.Zeros + sketch.Infinite > 0) text += string.Create(CultureInfo.InvariantCulture, $"; not drawn: {sketch.Zeros} zero, {sketch.Infinite} infinite");
        return text + ".";
    }
}
