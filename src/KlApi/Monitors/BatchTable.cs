using System.Text.Json;
using Dapper;
using KlApi.Host;
using KlApi.Storage;
using KlCore.Drift;

namespace KlApi.Monitors;

/// <summary>The key with which a batch was sent, and the hash of what was sent.</summary>
internal sealed record BatchKey(string Text, string RequestHash);

/// <summary>The rows of the table <c>monitor_batches</c>.</summary>
internal sealed class BatchTable(Database database)
{
    private const string Columns = "monitor_id, number, label, time, row_count, report, request_hash, created_at";

    /// <summary>
    /// Takes a batch: numbers it after all that came before, or, where its key came before, answers the batch that it made then. One transaction, so that two at once
    /// have two numbers, and one that is sent twice at once has one.
    /// </summary>
    /// <param name="batch">The batch without its number.</param>
    /// <param name="key">The key, if one was sent.</param>
    /// <param name="bytes">How many bytes its report has.</param>
    /// <returns>The batch as it is stored, and whether this call stored it.</returns>
    public Task<(Batch Batch, bool IsNew)> Add(Batch batch, BatchKey? key, long bytes) => database.Write(connection =>
    {
        if (connection.ExecuteScalar<long>("SELECT COUNT(*) FROM monitors WHERE id = @Monitor", batch) == 0) throw Refusal.NotFound("monitor");
        if (key is not null && Replayed(connection, batch.Monitor, key) is { } first) return (first, false);
        var row = connection.QuerySingle<Row>(
            $"""
            INSERT INTO monitor_batches (monitor_id, number, label, time, row_count, report, idempotency_key, request_hash, bytes, created_at)
            VALUES (@Monitor, (SELECT COALESCE(MAX(number), 0) + 1 FROM monitor_batches WHERE monitor_id = @Monitor), @Label, @time, @Rows, @report, @Text, @RequestHash, @bytes, @createdAt)
            RETURNING {Columns}
            """,
            new
            {
                batch.Monitor,
                batch.Label,
                time = Milliseconds(batch.Time),
                batch.Rows,
                report = JsonSerializer.Serialize(batch.Drift, Json.Options),
                key?.Text,
                key?.RequestHash,
                bytes,
                createdAt = Milliseconds(batch.CreatedAt),
            });
        return (row.ToBatch(), true);
    });

    /// <summary>The batch that the key made before, or null; refuses a key that came with something else.</summary>
    public Task<Batch?> Replay(string monitor, BatchKey key, CancellationToken cancellation) => database.Read(connection => Replayed(connection, monitor, key), cancellation);

    /// <summary>One batch; refuses with 404 where there is none.</summary>
    public async Task<Batch> Require(string monitor, long number, CancellationToken cancellation) => !Ids.IsWellFormed(monitor)
        ? throw Refusal.NotFound("batch")
        : await database.Read(
            connection => connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM monitor_batches WHERE monitor_id = @monitor AND number = @number", new { monitor, number })?.ToBatch(),
            cancellation) ?? throw Refusal.NotFound("batch");

    /// <summary>Batches in the order of arrival, those after a number, each as it is wanted: a report is forgotten before the next is read.</summary>
    public Task<List<T>> List<T>(string monitor, long after, int count, Func<Batch, T> wanted, CancellationToken cancellation) => database.Read(
        connection => connection
            .Query<Row>($"SELECT {Columns} FROM monitor_batches WHERE monitor_id = @monitor AND number > @after ORDER BY number LIMIT @count", new { monitor, after, count }, buffered: false)
            .Select(row => wanted(row.ToBatch()))
            .ToList(),
        cancellation);

    /// <summary>The last batches, in the order of arrival, each as it is wanted.</summary>
    public Task<List<T>> Last<T>(string monitor, int count, Func<Batch, T> wanted, CancellationToken cancellation) => database.Read(
        connection => connection
            .Query<Row>($"SELECT {Columns} FROM monitor_batches WHERE monitor_id = @monitor ORDER BY number DESC LIMIT @count", new { monitor, count }, buffered: false)
            .Select(row => wanted(row.ToBatch()))
            .Reverse()
            .ToList(),
        cancellation);

    private static Batch? Replayed(System.Data.Common.DbConnection connection, string monitor, BatchKey key)
    {
        var row = connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM monitor_batches WHERE monitor_id = @monitor AND idempotency_key = @Text", new { monitor, key.Text });
        if (row is not null && row.RequestHash != key.RequestHash)
            throw new RefusedException(422, "idempotency-key-reused", "This Idempotency-Key came with another batch before; use a new key for a new batch.");
        return row?.ToBatch();
    }

    private static long Milliseconds(DateTime time) => new DateTimeOffset(time).ToUnixTimeMilliseconds();

    private sealed record Row
    {
        public string MonitorId { get; init; } = "";
        public long Number { get; init; }
        public string? Label { get; init; }
        public long Time { get; init; }
        public long RowCount { get; init; }
        public string Report { get; init; } = "";
        public string? RequestHash { get; init; }
        public long CreatedAt { get; init; }

        public Batch ToBatch() => new()
        {
            Monitor = MonitorId,
            Number = Number,
            Label = Label,
            Time = DateTimeOffset.FromUnixTimeMilliseconds(Time).UtcDateTime,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt).UtcDateTime,
            Rows = RowCount,
            Drift = JsonSerializer.Deserialize<DriftReport>(Report, Json.Options)!,
        };
    }
}
