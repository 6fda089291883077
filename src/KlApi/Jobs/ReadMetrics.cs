using System.ComponentModel;
using System.Text;
using KlApi.Host;
using KlCore;
using KlCore.Training;

namespace KlApi.Jobs;

/// <summary><c>GET /v1/jobs/{id}/metrics</c></summary>
internal static class ReadMetrics
{
    private const int MaxPoints = 100_000;

    public static void Map(RouteGroupBuilder jobs) => jobs.MapGet("/{id}/metrics", Handle)
        .Describe(
            "Read the metrics of a job",
            """
            Every metric over the steps so far, as JSON, or as CSV with `Accept: text/csv` or `?format=csv`: a line per step, a column per metric. Runs of more than 4000 steps
            note every second, third, … step. `maxPoints` thins each metric to so many points: the first, the last, and the lowest and highest of each stretch between, so spikes
            stay visible. CSV is thinned by whole lines, chosen by the first metric (the loss).
            """,
            400, 404, 503)
        .Produces<MetricsAnswer>(StatusCodes.Status200OK, "application/json")
        .Produces<string>(StatusCodes.Status200OK, "text/csv");

    /// <summary>The metrics so far, by name.</summary>
    public static Dictionary<string, MetricHistory> Histories(List<MetricEvent> events)
    {
        var histories = new Dictionary<string, (List<long> Steps, List<double> Values)>();
        foreach (var entry in events)
        {
            foreach (var (name, value) in entry.Metrics)
            {
                if (!histories.TryGetValue(name, out var history)) histories.Add(name, history = ([], []));
                history.Steps.Add(entry.Step);
                history.Values.Add(value);
            }
        }

        return histories.ToDictionary(entry => entry.Key, entry => new MetricHistory(entry.Value.Steps, entry.Value.Values));
    }

    private static async Task<IResult> Handle(
        string id, HttpContext context, JobStore store,
        [Description("At most so many points of each metric, 4 to 100000.")] int? maxPoints,
        [Description("json or csv; without it the Accept header decides.")] string? format,
        CancellationToken cancellation)
    {
        if (maxPoints is < Downsampling.MinPoints or > MaxPoints)
            throw new InvalidInputException("maxPoints", $"must be at least {Downsampling.MinPoints} and at most {MaxPoints}, was {maxPoints}");
        if (format is not (null or "json" or "csv")) throw new InvalidInputException("format", "must be json or csv");
        _ = await store.FindSummary(id, cancellation) ?? throw Refusal.NotFound("job");
        var events = await store.Metrics(id, cancellation);
        var csv = format == "csv" || (format is null && WantsCsv(context.Request));
        if (csv && maxPoints is { } lines) events = Downsampling.Thin(events, lines);
        var histories = Histories(events);
        if (csv) return Results.Text(Csv(histories), "text/csv", Encoding.UTF8);
        if (maxPoints is { } points)
            foreach (var (name, history) in histories) histories[name] = Downsampling.Thin(history, points);
        return Results.Ok(new MetricsAnswer(histories));
    }

    /// <summary>A line per step that any metric kept; a metric that has no value there leaves its cell empty.</summary>
    private static string Csv(Dictionary<string, MetricHistory> histories)
    {
        var cells = new SortedDictionary<long, double?[]>();
        foreach (var (column, history) in histories.Values.Index())
        {
            for (var i = 0; i < history.Steps.Count; i++)
            {
                if (!cells.TryGetValue(history.Steps[i], out var line)) cells.Add(history.Steps[i], line = new double?[histories.Count]);
                line[column] = history.Values[i];
            }
        }

        var text = new StringBuilder("step");
        foreach (var name in histories.Keys) text.Append(',').Append(name);
        text.Append("\r\n");
        foreach (var (step, line) in cells) text.Append(step).Append(',').AppendJoin(',', line.Select(value => value?.ToString("R"))).Append("\r\n");
        return text.ToString();
    }

    private static bool WantsCsv(HttpRequest request) =>
        request.GetTypedHeaders().Accept is { Count: > 0 } accepted
        && accepted.OrderByDescending(type => type.Quality ?? 1).First() is { MediaType.Value: "text/csv" };
}

/// <summary>The metrics of a job.</summary>
/// <param name="Metrics">By name: the steps at which it was noted, ascending, and its value at each.</param>
internal sealed record MetricsAnswer(IReadOnlyDictionary<string, MetricHistory> Metrics);
