using System.Globalization;
using System.Text.Json;
using KlCore.Charts;

namespace KlCore.Training.Topics;

/// <summary>The pictures of a search for topics.</summary>
internal static class TopicsCharts
{
    private const int MostTopics = 30, MostWords = 10, MostDocuments = 30;

    /// <summary>The bound over the steps; that of held-out documents beside it.</summary>
    public static Chart? Bound(IReadOnlyDictionary<string, MetricHistory> history)
    {
        var series = new List<Series>();
        Add("bound", "documents learned from");
        Add("validationBound", "held out, given the topics");
        if (series.Count == 0) return null;
        var first = series[0];
        return new Chart("Evidence lower bound", new Axis("step"), new Axis("nats for each word"), series)
        {
            Description = $"The bound over {first.X[^1]} steps, from {first.Y[0]:G4} to {first.Y[^1]:G4} nats for each word.",
        };

        void Add(string metric, string name)
        {
            if (history.TryGetValue(metric, out var bound) && bound.Values.Count > 0) series.Add(new Series(name, SeriesKind.Line, [.. bound.Steps.Select(step => (double)step)], bound.Values));
        }
    }

    /// <summary>The words of each topic, the darker the more probable.</summary>
    public static Chart? Topics(ReadOnlyMemory<byte>? result)
    {
        if (Read(result) is not { } found) return null;
        FoundTopic[] topics = [.. found.Topics.Take(MostTopics)];
        var columns = Math.Min(MostWords, topics[0].Words.Count);
        return new Chart("Topics and their words", new Axis("rank of the word"), new Axis("topic"), [])
        {
            Description = string.Join("; ", topics.Select(topic => $"topic {topic.Topic}: {string.Join(", ", topic.Words.Take(columns).Select(word => word.Word))}")),
            Cells = new HeatMap([.. topics.Select(topic => (IReadOnlyList<double>)[.. topic.Words.Take(columns).Select(word => word.Probability)])])
            {
                Texts = [.. topics.Select(topic => (IReadOnlyList<string>)[.. topic.Words.Take(columns).Select(word => word.Word)])],
                RowNames = [.. topics.Select(topic => string.Create(CultureInfo.InvariantCulture, $"{topic.Topic}: {100 * topic.Share:F1} %"))],
                ColumnNames = [.. Enumerable.Range(1, columns).Select(rank => $"{rank}")],
                Minimum = 0,
            },
        };
    }

    /// <summary>The topics of the first documents.</summary>
    public static Chart? Documents(ReadOnlyMemory<byte>? result)
    {
        if (Read(result) is not { Documents.Count: > 0 } found) return null;
        DocumentTopics[] documents = [.. found.Documents.Take(MostDocuments)];
        var topics = Math.Min(MostTopics, found.Topics.Count);
        return new Chart("Topics of documents", new Axis("topic"), new Axis("document"), [])
        {
            Description = $"How much of each of {documents.Length} documents is of which of {topics} topics.",
            Cells = new HeatMap([.. documents.Select(document => Row(document, topics))])
            {
                RowNames = [.. documents.Select(document => $"{document.Document}{(document.IsHeldOut ? " held out" : "")}")],
                ColumnNames = [.. Enumerable.Range(0, topics).Select(topic => $"{topic}")],
                Texts = [.. documents.Select(document => (IReadOnlyList<string>)[.. Row(document, topics).Select(share => share == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{100 * share:F0} %"))])],
                Minimum = 0,
                Maximum = 1,
            },
        };
    }

    private static double[] Row(DocumentTopics document, int topics)
    {
        var row = new double[topics];
        foreach (var (topic, probability) in document.Topics)
            if (topic < topics) row[topic] = probability;
        return row;
    }

    private static Shown? Read(ReadOnlyMemory<byte>? result) => result is { } json ? JsonSerializer.Deserialize<Shown>(json.Span, JsonSerializerOptions.Web) : null;

    /// <summary>What of a stored result is drawn.</summary>
    private sealed record Shown(IReadOnlyList<FoundTopic> Topics, IReadOnlyList<DocumentTopics> Documents);
}
