using System.ComponentModel;
using System.Globalization;
using System.Text;
using KlApi.Charts;
using KlApi.Host;
using KlCore;
using KlCore.Drift;

namespace KlApi.Monitors;

/// <summary><c>GET /v1/monitors/{id}/timeline</c> and <c>GET /v1/monitors/{id}/charts/{column}.svg</c></summary>
internal static class ReadTimeline
{
    private const int MostDrawn = 1000;
    private const int AtOnce = 50;

    public static void Map(RouteGroupBuilder monitors)
    {
        monitors.MapGet("/{id}/timeline", Handle)
            .Describe(
                "The timeline of a monitor",
                """
                What came of the batches, in the order of arrival: score, p-value and verdict of each column. `after` is the number of the last batch of the page before.
                As CSV with `Accept: text/csv` or `?format=csv`: a line for each column of each batch; all batches unless `limit` says how many.
                """,
                400, 404, 503)
            .Produces<Listing<TimelineEntry>>(StatusCodes.Status200OK, "application/json")
            .Produces<string>(StatusCodes.Status200OK, "text/csv");
        monitors.MapGet("/{id}/charts/{column}.svg", Chart)
            .Describe("The timeline of a column as a picture", "The score of a column over the last 1000 batches with its threshold; where its method has none, the adjusted p-value with alpha. An SVG picture.", 404, 503)
            .Produces<string>(StatusCodes.Status200OK, SvgChart.MediaType);
    }

    private static async Task<IResult> Handle(
        string id, HttpContext context, MonitorTable monitors, BatchTable batches, [AsParameters] Paging paging,
        [Description("json or csv; without it the Accept header decides.")] string? format,
        CancellationToken cancellation)
    {
        if (format is not (null or "json" or "csv")) throw new InvalidInputException("format", "must be json or csv");
        var count = paging.Count(after => long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out _), "must be the number of a batch");
        var after = paging.After is { } last ? long.Parse(last, CultureInfo.InvariantCulture) : 0;
        await monitors.RequireId(id, cancellation);
        if (format == "csv" || (format is null && WantsCsv(context.Request)))
            return Results.Stream(stream => WriteCsv(stream, batches, id, after, paging.Limit ?? long.MaxValue, cancellation), "text/csv; charset=utf-8");
        return Results.Ok(Listing<TimelineEntry>.Of(await batches.List(id, after, count + 1, TimelineEntry.Of, cancellation), count));
    }

    private static async Task<IResult> Chart(string id, string column, MonitorTable monitors, BatchTable batches, CancellationToken cancellation)
    {
        var (monitor, _) = await monitors.Require(id, cancellation);
        if (monitor.Schema!.All(known => known.Name != column)) throw new RefusedException(404, "not-found", "The monitor has no column of this name.");
        var drawn = await batches.Last(id, MostDrawn, batch => (batch.Number, Column: batch.Drift.Columns.FirstOrDefault(drift => drift.Name == column)), cancellation);
        var entries = drawn.Where(entry => entry.Column is not null).ToList();
        var last = entries.LastOrDefault(entry => entry.Column!.Method is not null).Column;
        var chart = DriftCharts.Timeline(
            column, last?.Method, last?.Threshold, monitor.Options!.Alpha, [.. entries.Where(entry => entry.Column!.Method == last?.Method).Select(entry => ((double)entry.Number, entry.Column!.Score, entry.Column.AdjustedPValue))]);
        return Results.Text(SvgChart.Draw(chart), SvgChart.MediaType, Encoding.UTF8);
    }

    // A few batches at a time: of a long timeline with many columns no more is ever in memory.
    private static async Task WriteCsv(Stream stream, BatchTable batches, string id, long after, long limit, CancellationToken cancellation)
    {
        await stream.WriteAsync("number,label,time,rows,column,method,score,threshold,pValue,adjustedPValue,verdict\r\n"u8.ToArray(), cancellation);
        while (limit > 0)
        {
            var entries = await batches.List(id, after, (int)Math.Min(limit, AtOnce), TimelineEntry.Of, cancellation);
            if (entries.Count == 0) return;
            foreach (var entry in entries) await stream.WriteAsync(Encoding.UTF8.GetBytes(Lines(entry)), cancellation);
            (after, limit) = (entries[^1].Number, limit - entries.Count);
        }
    }

    private static string Lines(TimelineEntry entry)
    {
        var text = new StringBuilder();
        foreach (var column in entry.Columns)
        {
            text.Append(CultureInfo.InvariantCulture, $"{entry.Number},{Quoted(entry.Label)},{entry.Time:yyyy-MM-ddTHH:mm:ss.fffZ},{entry.Rows},{Quoted(column.Name)},");
            text.Append(CultureInfo.InvariantCulture, $"{(column.Method is { } method ? Names.Of(method.ToString()) : "")},{Number(column.Score)},{Number(column.Threshold)},{Number(column.PValue)},{Number(column.AdjustedPValue)},{Names.Of(column.Verdict.ToString())}\r\n");
        }

        return text.ToString();
    }

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    /// <summary>A text as RFC 4180 writes it.</summary>
    private static string Quoted(string? text) => text is null ? "" : text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static bool WantsCsv(HttpRequest request) =>
        request.GetTypedHeaders().Accept is { Count: > 0 } accepted && accepted.OrderByDescending(type => type.Quality ?? 1).First() is { MediaType.Value: "text/csv" };
}
