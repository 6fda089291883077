using System.ComponentModel;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using KlApi.Host;
using KlApi.Storage;
using KlCore;
using KlCore.Drift;
using KlCore.Training;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace KlApi.Monitors;

/// <summary><c>POST /v1/monitors/{id}/batches</c></summary>
internal static class TakeBatch
{
    private const string KeyHeader = "Idempotency-Key";
    private const int LongestKey = 255;

    public static void Map(RouteGroupBuilder monitors)
    {
        monitors.MapPost("/{id}/batches", Handle)
            .Describe(
                "Compare a batch",
                """
                Compares rows with the monitor's reference and keeps what came of it in the timeline; the rows themselves are not kept. JSON has `rows`, `columns` or the id of a stored `dataset`, with a `label`
                and a `time` if wanted; CSV (`text/csv`, its first row names the columns) has these in the query. What was answered with 201 is on disk. With an `Idempotency-Key` a retry is safe: the same key and
                body give the first answer and no second batch; another body is refused with 422, and so is a table that has none of the columns. Batches that arrive at once are all kept, numbered in the order in which they were stored.
                """,
                400, 404, 413, 415, 422, 503, 507)
            .Example("rows", """{ "rows": [ { "age": 29, "plan": "b" }, { "age": 31, "plan": "c" }, { "age": null, "plan": "b" } ], "label": "monday", "time": "2026-03-02T00:00:00Z" }""", note: "Of a monitor of these columns.")
            .Example("rows as CSV", "age,plan\n29,b\n31,c\n,b\n", "text/csv", "Of a monitor of these columns.")
            .WithMetadata(new BatchBody());
        monitors.MapGet("/{id}/batches/{number}", Get).Describe("One batch", "What came of one batch, as it was answered.", 404, 503);
    }

    private static async Task<Ok<Batch>> Get(string id, [Description("Its place in the order of arrival, from 1.")] string number, BatchTable batches, CancellationToken cancellation) =>
        TypedResults.Ok(long.TryParse(number, System.Globalization.NumberStyles.None, null, out var place) ? await batches.Require(id, place, cancellation) : throw Refusal.NotFound("batch"));

    private static async Task<Created<Batch>> Handle(
        string id, HttpContext context, MonitorTable monitors, BatchTable batches, ITrainingInputs inputs, StorageQuota quota, IOptions<Limits> limits, Admission admission, TimeProvider time,
        [Description("For CSV: what to call it, up to 200 characters.")] string? label,
        [Description("For CSV: the time that the batch is of, with its offset, as RFC 3339 has it.")] string? at,
        CancellationToken cancellation)
    {
        var received = await Receive(context, label, at, limits.Value.JsonBytes);
        if (received.Key is { } key)
        {
            await monitors.RequireId(id, cancellation);
            if (await batches.Replay(id, key, cancellation) is { } first) return Answer(first);
        }

        var (monitor, reference) = await monitors.Require(id, cancellation);
        var (rows, report) = await admission.ComputeLong(
            () =>
            {
                var columns = received.Columns ?? received.Request!.Read(inputs, limits.Value.DatasetNumbers);
                return (columns.Max(column => column.Rows), DriftAnalysis.Compare(reference, columns, monitor.Options!, cancellation));
            },
            cancellation);
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()).UtcDateTime;
        var batch = new Batch { Monitor = id, Number = 0, Label = received.Label, Time = received.Time?.UtcDateTime ?? now, CreatedAt = now, Rows = rows, Drift = report };
        var bytes = (long)JsonSerializer.SerializeToUtf8Bytes(report, Json.Options).Length;
        using var reservation = quota.ReserveOwn();
        reservation.Need(bytes);
        var (stored, isNew) = await batches.Add(batch, received.Key, bytes);
        if (isNew) reservation.Keep(bytes);
        return Answer(stored);
    }

    private static Created<Batch> Answer(Batch batch) => TypedResults.Created($"/v1/monitors/{batch.Monitor}/batches/{batch.Number}", batch);

    /// <summary>The batch and its key, read and checked.</summary>
    private static async Task<Received> Receive(HttpContext context, string? label, string? at, long limit)
    {
        var isCsv = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) && type.MediaType.Equals("text/csv", StringComparison.OrdinalIgnoreCase);
        var problems = new Problems();
        if (!isCsv)
        {
            JsonBody.RequireJson(context.Request);
            if (label is not null) problems.Add("label", "must be in the body of a batch that is JSON");
            if (at is not null) problems.Add("at", "must be in the body of a batch that is JSON, as time");
        }
        else if (type!.Charset.HasValue && !HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            throw Refusal.MediaType("Text is read as UTF-8 and in no other charset.");
        else if (context.Request.Headers.ContentEncoding.Count > 0 && context.Request.Headers.ContentEncoding != "identity")
            throw Refusal.MediaType("Compressed bodies (Content-Encoding) are not read; send the rows as they are.");
        MonitorBatchRequest.CheckLabel(label, problems);
        var time = default(DateTimeOffset?);
        if (at is not null)
        {
            if (DateTimeOffset.TryParse(at, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var said)) time = said;
            else problems.Add("at", "must be a time, for example 2026-03-02T00:00:00Z");
        }

        var keyText = KeyOf(context.Request, problems);
        problems.ThrowIfAny();
        return await JsonBody.Read(context, limit, body =>
        {
            var key = keyText is null ? null : new BatchKey(keyText, Hash(isCsv ? $"csv {label} {at}" : "json", body.Span));
            if (isCsv) return new Received(null, MonitorBatchRequest.ReadCsv(body.Span), label, time, key);
            var request = Body<MonitorBatchRequest>.Parse(body);
            return new Received(request, null, request.Label, request.Time, key);
        });
    }

    private static string? KeyOf(HttpRequest request, Problems problems)
    {
        if (!request.Headers.TryGetValue(KeyHeader, out var values)) return null;
        var text = values.ToString();
        if (text.Length is 0 or > LongestKey || text.Any(character => character is < ' ' or > '~')) problems.Add(KeyHeader, $"must be 1 to {LongestKey} visible ASCII characters");
        return text;
    }

    private static string Hash(string kind, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{kind}\n"));
        hash.AppendData(body);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>What arrived: a request, or the columns of a CSV.</summary>
    private sealed record Received(MonitorBatchRequest? Request, IReadOnlyList<ColumnSample>? Columns, string? Label, DateTimeOffset? Time, BatchKey? Key);
}
