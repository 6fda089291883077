using Dapper;
using KlApi.Host;
using KlCore.Formats;

namespace KlApi.Storage.Logits;

/// <summary>The rows of the table <c>baselines</c>.</summary>
internal sealed class BaselineTable(Database database)
{
    private const string Columns =
        "id, name, format, data_type, tensor, row_count, vocabulary, chunk_rows, bytes, sha256, targets_id, targets_sha256, created_at";

    /// <summary>Makes a baseline visible unless its name is taken; returns who has the name now.</summary>
    public Task<StoredBaseline> Add(StoredBaseline stored) => database.Write(connection =>
    {
        connection.Execute(
            $"""
            INSERT INTO baselines ({Columns})
            VALUES (@Id, @Name, @Format, @DataType, @Tensor, @RowCount, @Vocabulary, @ChunkRows, @Bytes, @Sha256, @TargetsId, @TargetsSha256, @CreatedAt)
            ON CONFLICT (name) DO NOTHING
            """,
            Row.Of(stored));
        return connection.QuerySingle<Row>($"SELECT {Columns} FROM baselines WHERE name = @Name", new { stored.Baseline.Name }).ToBaseline();
    });

    /// <summary>Gives a baseline its targets unless it has some; returns it as it is now, or null if it is gone.</summary>
    public Task<StoredBaseline?> SetTargets(string id, string targetsId, string sha256) => database.Write(connection =>
    {
        connection.Execute(
            "UPDATE baselines SET targets_id = @targetsId, targets_sha256 = @sha256 WHERE id = @id AND targets_id IS NULL", new { id, targetsId, sha256 });
        return connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM baselines WHERE id = @id", new { id })?.ToBaseline();
    });

    /// <summary>The baseline of this name, or null.</summary>
    public Task<StoredBaseline?> Find(string name, CancellationToken cancellation = default) => database.Read(
        connection => connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM baselines WHERE name = @name", new { name })?.ToBaseline(), cancellation);

    /// <summary>The baseline of this name; refuses with 404 where there is none.</summary>
    public async Task<StoredBaseline> Require(string name, CancellationToken cancellation) => await Find(name, cancellation) ?? throw Refusal.NotFound("baseline");

    /// <summary>Baselines in the order of their names, those after <paramref name="after"/>.</summary>
    public Task<List<Baseline>> List(int count, string? after, CancellationToken cancellation) => database.Read(
        connection => connection
            .Query<Row>($"SELECT {Columns} FROM baselines WHERE @after IS NULL OR name > @after ORDER BY name LIMIT @count", new { count, after })
            .Select(row => row.ToBaseline().Baseline)
            .ToList(),
        cancellation);

    /// <summary>Takes a baseline away; returns what it was, or null if there was none.</summary>
    public Task<StoredBaseline?> Remove(string name, CancellationToken cancellation) => database.Write(
        connection => connection.QuerySingleOrDefault<Row>($"DELETE FROM baselines WHERE name = @name RETURNING {Columns}", new { name })?.ToBaseline(), cancellation);

    /// <summary>How many bytes each file has, by id.</summary>
    public Task<Dictionary<string, long>> Sizes() => database.Read(connection => connection
        .Query<(string Id, long Bytes)>("SELECT id, bytes FROM baselines UNION ALL SELECT targets_id, 4 * row_count FROM baselines WHERE targets_id IS NOT NULL")
        .ToDictionary(row => row.Id, row => row.Bytes));

    private sealed record Row
    {
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public string Format { get; init; } = "";
        public string DataType { get; init; } = "";
        public string? Tensor { get; init; }
        public long RowCount { get; init; }
        public long Vocabulary { get; init; }
        public long? ChunkRows { get; init; }
        public long Bytes { get; init; }
        public string Sha256 { get; init; } = "";
        public string? TargetsId { get; init; }
        public string? TargetsSha256 { get; init; }
        public long CreatedAt { get; init; }

        public static Row Of(StoredBaseline stored) => new()
        {
            Id = stored.File,
            Name = stored.Baseline.Name,
            Format = Names.Of(stored.Baseline.Format.ToString()),
            DataType = stored.Baseline.DataType,
            Tensor = stored.Baseline.Tensor,
            RowCount = stored.Baseline.Rows,
            Vocabulary = stored.Baseline.Vocabulary,
            ChunkRows = stored.Baseline.ChunkRows,
            Bytes = stored.Baseline.Bytes,
            Sha256 = stored.Baseline.Sha256,
            TargetsId = stored.TargetsFile,
            TargetsSha256 = stored.TargetsSha256,
            CreatedAt = new DateTimeOffset(stored.Baseline.CreatedAt).ToUnixTimeMilliseconds(),
        };

        public StoredBaseline ToBaseline() => new(
            new Baseline
            {
                Name = Name,
                Rows = RowCount,
                Vocabulary = (int)Vocabulary,
                DataType = DataType,
                Format = Enum.GetValues<LogitsFormat>().Single(format => Names.Of(format.ToString()) == Format),
                Tensor = Tensor,
                Bytes = Bytes,
                Sha256 = Sha256,
                Targets = TargetsId is not null,
                ChunkRows = (int?)ChunkRows,
                CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt).UtcDateTime,
            },
            Id,
            TargetsId,
            TargetsSha256);
    }
}
