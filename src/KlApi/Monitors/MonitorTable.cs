using System.Text.Json;
using Dapper;
using KlApi.Host;
using KlApi.Storage;
using KlCore.Drift;

namespace KlApi.Monitors;

/// <summary>The rows of the table <c>monitors</c>.</summary>
internal sealed class MonitorTable(Database database)
{
    private const string Columns = "id, name, row_count, column_count, created_at, (SELECT COUNT(*) FROM monitor_batches WHERE monitor_id = id) AS batch_count";

    /// <summary>How a monitor is written down: what counts as drift, and the profiles.</summary>
    public static (string Options, string Profile) Write(DriftOptions options, IReadOnlyList<ReferenceColumn> reference) =>
        (JsonSerializer.Serialize(options, Json.Options), JsonSerializer.Serialize(reference, Json.Options));

    /// <summary>Makes a monitor durable and visible.</summary>
    public Task Add(Monitor monitor, string options, string profile, long bytes) => database.Write(connection => connection.Execute(
        """
        INSERT INTO monitors (id, name, row_count, column_count, options, profile, bytes, created_at)
        VALUES (@Id, @Name, @Rows, @Columns, @options, @profile, @bytes, @createdAt)
        """,
        new { monitor.Id, monitor.Name, monitor.Rows, monitor.Columns, options, profile, bytes, createdAt = new DateTimeOffset(monitor.CreatedAt).ToUnixTimeMilliseconds() }));

    /// <summary>The monitor and the profile of its reference; refuses with 404 where there is none.</summary>
    public async Task<(Monitor Monitor, IReadOnlyList<ReferenceColumn> Reference)> Require(string id, CancellationToken cancellation)
    {
        var row = !Ids.IsWellFormed(id) ? null : await database.Read(
            connection => connection.QuerySingleOrDefault<Row>($"SELECT {Columns}, options, profile FROM monitors WHERE id = @id", new { id }), cancellation);
        if (row is null) throw Refusal.NotFound("monitor");
        var reference = JsonSerializer.Deserialize<ReferenceColumn[]>(row.Profile!, Json.Options)!;
        var monitor = row.ToMonitor() with
        {
            Options = JsonSerializer.Deserialize<DriftOptions>(row.Options!, Json.Options),
            Schema = [.. reference.Select(column => new MonitoredColumn(column.Profile.Name, column.Profile.Type, column.Reason, column.Profile.Missing, column.Profile.IsComplete))],
        };
        return (monitor, reference);
    }

    /// <summary>Refuses with 404 where there is no such monitor.</summary>
    public async Task RequireId(string id, CancellationToken cancellation)
    {
        if (!Ids.IsWellFormed(id) || !await database.Read(connection => connection.ExecuteScalar<long>("SELECT COUNT(*) FROM monitors WHERE id = @id", new { id }) > 0, cancellation))
            throw Refusal.NotFound("monitor");
    }

    /// <summary>Monitors from the newest to the oldest, those before <paramref name="after"/>.</summary>
    public Task<List<Monitor>> List(int count, string? after, CancellationToken cancellation) => database.Read(
        connection => connection
            .Query<Row>($"SELECT {Columns} FROM monitors WHERE @after IS NULL OR id < @after ORDER BY id DESC LIMIT @count", new { count, after })
            .Select(row => row.ToMonitor())
            .ToList(),
        cancellation);

    /// <summary>Takes a monitor away with its batches; returns how many bytes they had, or null if there was none.</summary>
    public Task<long?> Remove(string id, CancellationToken cancellation) => !Ids.IsWellFormed(id) ? Task.FromResult<long?>(null) : database.Write(
        connection =>
        {
            var batches = connection.ExecuteScalar<long>("SELECT COALESCE(SUM(bytes), 0) FROM monitor_batches WHERE monitor_id = @id", new { id });
            return connection.QuerySingleOrDefault<long?>("DELETE FROM monitors WHERE id = @id RETURNING bytes", new { id }) is { } own ? own + batches : default(long?);
        },
        cancellation);

    /// <summary>How many bytes all monitors and batches from before a time have.</summary>
    public Task<long> Size(long before) => database.Read(connection => connection.ExecuteScalar<long>(
        "SELECT (SELECT COALESCE(SUM(bytes), 0) FROM monitors WHERE created_at < @before) + (SELECT COALESCE(SUM(bytes), 0) FROM monitor_batches WHERE created_at < @before)", new { before }));

    private sealed record Row
    {
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public long RowCount { get; init; }
        public long ColumnCount { get; init; }
        public long BatchCount { get; init; }
        public long CreatedAt { get; init; }
        public string? Options { get; init; }
        public string? Profile { get; init; }

        public Monitor ToMonitor() => new()
        {
            Id = Id,
            Name = Name,
            Rows = RowCount,
            Columns = (int)ColumnCount,
            Batches = BatchCount,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt).UtcDateTime,
        };
    }
}
