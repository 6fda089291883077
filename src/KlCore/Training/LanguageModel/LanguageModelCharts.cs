using System.Text.Json;
using KlCore.Charts;

namespace KlCore.Training.LanguageModel;

/// <summary>The pictures of a language model.</summary>
internal static class LanguageModelCharts
{
    /// <summary>The loss on what is learnt and on the held-out text over the steps; of a model that counts, the held-out mean as it is measured.</summary>
    public static Chart? Loss(IReadOnlyDictionary<string, MetricHistory> history)
    {
        List<Series> series = [];
        foreach (var (name, label) in new[] { ("loss", "training"), ("validationLoss", "held out") })
            if (Line(history, name, label) is { } line) series.Add(line);
        if (series.Count == 0 && Line(history, "crossEntropy", "held out, so far") is { } measured) series.Add(measured);
        if (series.Count == 0) return null;
        var last = series[^1];
        return new Chart("Loss", new Axis("step"), new Axis("nats per token"), series)
        {
            Description = $"The loss in nats per token over {last.X[^1]} steps; {last.Name}: from {last.Y[0]:G4} to {last.Y[^1]:G4}.",
        };
    }

    /// <summary>How often tokens occur by their rank: a long tail, straight on logarithmic axes where Zipf's law holds.</summary>
    public static Chart? Frequencies(ReadOnlyMemory<byte>? result)
    {
        if (result is not { } json) return null;
        using var document = JsonDocument.Parse(json);
        var frequencies = document.RootElement.GetProperty("frequencies");
        var (ranks, counts) = (Numbers(frequencies.GetProperty("ranks")), Numbers(frequencies.GetProperty("counts")));
        return new Chart("Tokens by frequency", new Axis("rank", Logarithmic: true), new Axis("occurrences", Logarithmic: true), [new Series("tokens", SeriesKind.Points, ranks, counts)])
        {
            Description = $"How often each token occurs, from {counts[0]} times for the most frequent to {counts[^1]} for the one of rank {ranks[^1]}.",
        };
    }

    private static Series? Line(IReadOnlyDictionary<string, MetricHistory> history, string name, string label) =>
        history.TryGetValue(name, out var metric) && metric.Values.Any(double.IsFinite)
            ? new Series(label, SeriesKind.Line, [.. metric.Steps.Select(step => (double)step)], metric.Values)
            : null;

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(element => element.GetDouble())];
}
