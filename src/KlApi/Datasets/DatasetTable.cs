using System.Text.Json;
using Dapper;
using KlApi.Host;
using KlApi.Storage;
using KlCore.Formats;

namespace KlApi.Datasets;

/// <summary>The rows of the table <c>datasets</c>.</summary>
internal sealed class DatasetTable(Database database)
{
    private const string Columns = "id, name, format, header, row_count, column_count, bytes, sha256, created_at";

    /// <summary>Makes a dataset visible.</summary>
    public Task Add(Dataset dataset, bool? header) => database.Write(connection => connection.Execute(
        $"""
        INSERT INTO datasets ({Columns}, columns_json)
        VALUES (@Id, @Name, @Format, @Header, @RowCount, @ColumnCount, @Bytes, @Sha256, @CreatedAt, @ColumnsJson)
        """,
        new Row
        {
            Id = dataset.Id,
            Name = dataset.Name,
            Format = Word(dataset.Format),
            Header = header is { } said ? (said ? 1 : 0) : null,
            RowCount = dataset.Rows,
            ColumnCount = dataset.Columns,
            Bytes = dataset.Bytes,
            Sha256 = dataset.Sha256,
            CreatedAt = new DateTimeOffset(dataset.CreatedAt).ToUnixTimeMilliseconds(),
            ColumnsJson = JsonSerializer.Serialize(dataset.Schema, Json.Options),
        }));

    /// <summary>The dataset with this id and the header that its upload asked for, or null.</summary>
    public async Task<(Dataset Dataset, bool? Header)?> Find(string id, CancellationToken cancellation = default)
    {
        if (!Ids.IsWellFormed(id)) return null;
        var row = await database.Read(
            connection => connection.QuerySingleOrDefault<Row>($"SELECT {Columns}, columns_json FROM datasets WHERE id = @id", new { id }), cancellation);
        return row is null ? null : (row.ToDataset(), row.Header is { } said ? said != 0 : null);
    }

    /// <summary>Datasets from the newest to the oldest, those before <paramref name="after"/>.</summary>
    public Task<List<Dataset>> List(int count, string? after, CancellationToken cancellation) => database.Read(
        connection => connection
            .Query<Row>($"SELECT {Columns} FROM datasets WHERE @after IS NULL OR id < @after ORDER BY id DESC LIMIT @count", new { count, after })
            .Select(row => row.ToDataset())
            .ToList(),
        cancellation);

    /// <summary>Takes a dataset away; returns how many bytes it had, or null if there was none.</summary>
    public Task<long?> Remove(string id, CancellationToken cancellation) => Ids.IsWellFormed(id)
        ? database.Write(connection => connection.QuerySingleOrDefault<long?>("DELETE FROM datasets WHERE id = @id RETURNING bytes", new { id }), cancellation)
        : Task.FromResult<long?>(null);

    /// <summary>How many bytes each dataset has, by id.</summary>
    public Task<Dictionary<string, long>> Sizes() => database.Read(
        connection => connection.Query<(string Id, long Bytes)>("SELECT id, bytes FROM datasets").ToDictionary(row => row.Id, row => row.Bytes));

    private static string Word(DatasetFormat format) => format.ToString().ToLowerInvariant();

    private sealed record Row
    {
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public string Format { get; init; } = "";
        public long? Header { get; init; }
        public long RowCount { get; init; }
        public long ColumnCount { get; init; }
        public long Bytes { get; init; }
        public string Sha256 { get; init; } = "";
        public long CreatedAt { get; init; }
        public string? ColumnsJson { get; init; }

        public Dataset ToDataset() => new()
        {
            Id = Id,
            Name = Name,
            Format = Enum.Parse<DatasetFormat>(Format, ignoreCase: true),
            Rows = RowCount,
            Columns = (int)ColumnCount,
            Bytes = Bytes,
            Sha256 = Sha256,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt).UtcDateTime,
            Schema = ColumnsJson is null ? null : JsonSerializer.Deserialize<TableColumn[]>(ColumnsJson, Json.Options),
        };
    }
}
