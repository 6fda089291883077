using System.Text.Json;
using KlCore.Charts;

namespace KlCore.Training.LogitsComparison;

/// <summary>The pictures of a comparison of logits.</summary>
internal static class LogitsComparisonCharts
{
    /// <summary>How the forward KL of the positions is distributed.</summary>
    public static Chart? Histogram(ReadOnlyMemory<byte>? result)
    {
        if (result is not { } json) return null;
        using var document = JsonDocument.Parse(json);
        var histogram = document.RootElement.GetProperty("histogram");
        return new Chart(
            "Forward KL of positions", new Axis("log10 KL(p || q) (nats)"), new Axis("positions"),
            [new Series("positions", SeriesKind.Bars, Numbers(histogram.GetProperty("edges")), Numbers(histogram.GetProperty("positions")))])
        {
            Description = histogram.GetProperty("description").GetString()!,
        };
    }

    /// <summary>The mean forward KL of the rows so far.</summary>
    public static Chart? Forward(IReadOnlyDictionary<string, MetricHistory> history, Unit unit)
    {
        if (!history.TryGetValue("forwardMean", out var mean) || mean.Values.Count == 0) return null;
        double[] steps = [.. mean.Steps.Select(step => (double)step)];
        var words = unit == Unit.Bits ? "bits" : "nats";
        return new Chart("Mean forward KL so far", new Axis("step"), new Axis($"mean KL(p || q) ({words})"), [new Series("mean", SeriesKind.Line, steps, mean.Values)])
        {
            Description = $"The mean forward KL of the rows so far, {mean.Values[^1]:G4} {words} at step {mean.Steps[^1]}.",
        };
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(element => element.GetDouble())];
}
