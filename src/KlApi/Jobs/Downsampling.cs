using KlCore.Training;

namespace KlApi.Jobs;

/// <summary>
/// Fewer points that still show what there was: the first, the last, and of each stretch between them the lowest and the highest. A spike
/// survives, which an average would hide; no value is made up.
/// </summary>
internal static class Downsampling
{
    public const int MinPoints = 4;

    public static MetricHistory Thin(MetricHistory history, int maxPoints)
    {
        var count = history.Values.Count;
        if (count <= maxPoints) return history;
        var kept = Indices(history.Values, maxPoints);
        return new MetricHistory([.. kept.Select(i => history.Steps[i])], [.. kept.Select(i => history.Values[i])]);
    }

    /// <summary>Whole events, chosen by the metric that each names first.</summary>
    public static List<MetricEvent> Thin(List<MetricEvent> events, int maxPoints) =>
        events.Count <= maxPoints ? events : Indices(events.ConvertAll(entry => entry.Metrics.Values.FirstOrDefault()), maxPoints).ConvertAll(i => events[i]);

    private static List<int> Indices(IReadOnlyList<double> values, int maxPoints)
    {
        var kept = new List<int> { 0 };
        var inner = values.Count - 2;
        var stretches = (maxPoints - 2) / 2;
        for (var stretch = 0; stretch < stretches; stretch++)
        {
            var start = 1 + (int)((long)inner * stretch / stretches);
            var end = 1 + (int)((long)inner * (stretch + 1) / stretches);
            var (low, high) = (start, start);
            for (var i = start + 1; i < end; i++)
            {
                if (values[i] < values[low]) low = i;
                if (values[i] > values[high]) high = i;
            }

            kept.Add(Math.Min(low, high));
            if (low != high) kept.Add(Math.Max(low, high));
        }

        kept.Add(values.Count - 1);
        return kept;
    }
}
