using KlCore.Charts;

namespace KlCore.Training.Supervised;

/// <summary>Pictures of what changes from epoch to epoch, on the examples that train and on those held out.</summary>
internal static class EpochCharts
{
    /// <summary>A metric over the epochs and, dashed, the same on held-out examples; before the first epoch is over, the loss over the steps.</summary>
    /// <param name="title">The title.</param>
    /// <param name="label">What the vertical axis measures.</param>
    /// <param name="metric">The metric's name.</param>
    /// <param name="history">The metrics so far.</param>
    public static Chart? Draw(string title, string label, string metric, IReadOnlyDictionary<string, MetricHistory> history)
    {
        var heldOut = "validation" + char.ToUpperInvariant(metric[0]) + metric[1..];
        var training = metric == "loss" ? "trainingLoss" : metric;
        if (!history.TryGetValue(training, out var told) || told.Values.Count == 0)
            return metric == "loss" && history.TryGetValue("loss", out var steps) && steps.Values.Count > 0 ? Of(title, "step", label, [Line("training", SeriesKind.Line, steps, byStep: true)]) : null;
        List<Series> series = [Line("training", SeriesKind.Line, told, byStep: false)];
        if (history.TryGetValue(heldOut, out var judged) && judged.Values.Count > 0) series.Add(Line("held out", SeriesKind.Dashed, judged, byStep: false));
        return Of(title, "epoch", label, series);
    }

    private static Series Line(string name, SeriesKind kind, MetricHistory metric, bool byStep) =>
        new(name, kind, byStep ? [.. metric.Steps.Select(step => (double)step)] : [.. Enumerable.Range(1, metric.Values.Count).Select(epoch => (double)epoch)], metric.Values);

    private static Chart Of(string title, string unit, string label, List<Series> series)
    {
        var ends = series.Select(line => $"{line.Name} from {line.Y[0]:G4} to {line.Y[^1]:G4}");
        return new Chart(title, new Axis(unit), new Axis(label, IsLogarithmic(series)), series) { Description = $"{title} over {series[0].X[^1]:0} {unit}s: {string.Join(", ", ends)}." };
    }

    private static bool IsLogarithmic(List<Series> series)
    {
        var values = series.SelectMany(line => line.Y).ToList();
        return values.Min() > 0 && values.Max() > 30 * values.Min();
    }
}
