using KlCore.Charts;

namespace KlCore.Training.ObjectiveComparison;

/// <summary>The pictures of a comparison of objectives.</summary>
internal static class ObjectiveComparisonCharts
{
    /// <summary>The mean of each score by objective, with one standard error to each side.</summary>
    public static Chart? Scores(ReadOnlyMemory<byte>? result)
    {
        if (Read(result) is not { } read) return null;
        string[] labels = [.. read.Table.Select(row => row.Label)];
        string[] names = [.. read.Recommendation.Choices.Select(choice => choice.Score)];
        double[] means = [.. read.Table.SelectMany(row => row.Scores.Values).Select(score => score.Mean).Where(double.IsFinite)];
        var logarithmic = means.Length > 0 && means.Min() > 0 && means.Max() > 30 * means.Min();
        var series = names.Select((name, i) => Means(read.Table, name, (i - (names.Length - 1) / 2.0) * 0.12));
        return new Chart("Scores by objective", new Axis("objective") { Categories = labels }, new Axis("mean ± standard error", logarithmic), [.. series])
        {
            Description = read.Advice,
        };
    }

    /// <summary>How each objective fell: the mean over its runs.</summary>
    public static Chart? Losses(ReadOnlyMemory<byte>? result)
    {
        if (Read(result) is not { } read) return null;
        var series = read.Losses.Where(losses => losses.Steps.Length > 0)
            .Select(losses => new Series(losses.Objective, SeriesKind.Line, [.. losses.Steps.Select(step => (double)step)], losses.Mean));
        return Losses("Loss by objective, mean over the seeds", "step of a run", [.. series]);
    }

    /// <summary>The same while the runs go on, one after the other.</summary>
    public static Chart? Losses(IReadOnlyDictionary<string, MetricHistory> history, IReadOnlyList<string> labels)
    {
        var series = labels.Where(label => history.ContainsKey($"loss/{label}"))
            .Select(label => (Label: label, History: history[$"loss/{label}"]))
            .Select(loss => new Series(loss.Label, SeriesKind.Points, [.. loss.History.Steps.Select(step => (double)step)], loss.History.Values)).ToList();
        return series.Count == 0 ? null : Losses("Loss by objective, run by run", "step of the comparison", series);
    }

    /// <summary>The first result of each objective over what they share.</summary>
    public static Chart? Overlay(ReadOnlyMemory<byte>? result) => Read(result)?.Overlay;

    private static Chart Losses(string title, string steps, List<Series> series)
    {
        double[] values = [.. series.SelectMany(losses => losses.Y).Where(double.IsFinite)];
        var logarithmic = values.Length > 0 && values.Min() > 0 && values.Max() > 10 * values.Min();
        return new Chart(title, new Axis(steps), new Axis("loss", logarithmic), series)
        {
            Description = "Losses of different objectives measure different things; only the scores compare.",
        };
    }

    private static Series Means(IReadOnlyList<ObjectiveRow> table, string name, double shift)
    {
        var measured = table.Select((row, i) => (X: i + shift, Score: row.Scores.GetValueOrDefault(name))).Where(point => point.Score is not null).ToArray();
        return new Series(name, SeriesKind.Points, [.. measured.Select(point => point.X)], [.. measured.Select(point => point.Score!.Mean)])
        {
            Low = [.. measured.Select(point => point.Score!.Mean - (point.Score.StandardError ?? 0))],
            High = [.. measured.Select(point => point.Score!.Mean + (point.Score.StandardError ?? 0))],
        };
    }

    private static ObjectiveComparisonResult? Read(ReadOnlyMemory<byte>? result) =>
        result is { } json ? ReportJson.Read<ObjectiveComparisonResult>(json) : null;
}
