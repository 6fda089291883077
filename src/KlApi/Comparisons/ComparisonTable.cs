using System.Text;
using Dapper;
using KlApi.Host;
using KlApi.Storage;

namespace KlApi.Comparisons;

/// <summary>A comparison as it is kept.</summary>
internal sealed record StoredComparison
{
    public required string Id { get; init; }

    public string? Baseline { get; init; }

    /// <summary>What p was: equal for comparisons with the same reference. Null for merged reports.</summary>
    public string? ReferenceSha256 { get; init; }

    public required long Rows { get; init; }

    public required int Vocabulary { get; init; }

    /// <summary>The size of a record of its positions; 0 where there are none.</summary>
    public required int RecordBytes { get; init; }

    /// <summary>The report as JSON, just as it was answered.</summary>
    public required string Report { get; init; }

    /// <summary>The summary as JSON.</summary>
    public required string Summary { get; init; }

    public required DateTime CreatedAt { get; init; }

    /// <summary>The size of the report and of the summary.</summary>
    public long TextBytes => Encoding.UTF8.GetByteCount(Report) + Encoding.UTF8.GetByteCount(Summary);

    /// <summary>The size of all that is kept of it.</summary>
    public long Bytes => RecordBytes * Rows + TextBytes;
}

/// <summary>The rows of the table <c>comparisons</c>.</summary>
internal sealed class ComparisonTable(Database database)
{
    private const string Columns = "id, baseline, reference_sha256, row_count, vocabulary, record_bytes, created_at";
    private const string Bytes = "record_bytes * row_count + octet_length(report) + octet_length(summary)";

    /// <summary>Makes a comparison visible.</summary>
    public Task Add(StoredComparison stored) => database.Write(connection => connection.Execute(
        $"""
        INSERT INTO comparisons ({Columns}, report, summary)
        VALUES (@Id, @Baseline, @ReferenceSha256, @RowCount, @Vocabulary, @RecordBytes, @CreatedAt, @Report, @Summary)
        """,
        Row.Of(stored)));

    /// <summary>The comparison with this id; refuses with 404 where there is none.</summary>
    public async Task<StoredComparison> Require(string id, CancellationToken cancellation) => await Find(id, cancellation) ?? throw Refusal.NotFound("comparison");

    /// <summary>The comparison with this id, or null.</summary>
    public async Task<StoredComparison?> Find(string id, CancellationToken cancellation) => Ids.IsWellFormed(id)
        ? await database.Read(
            connection => connection.QuerySingleOrDefault<Row>($"SELECT {Columns}, report, summary FROM comparisons WHERE id = @id", new { id })?.ToComparison(), cancellation)
        : null;

    /// <summary>Comparisons from the newest to the oldest, those before <paramref name="after"/>; all, or those with one baseline.</summary>
    public Task<List<ComparisonEntry>> List(int count, string? after, string? baseline, CancellationToken cancellation) => database.Read(
        connection => connection
            .Query<Row>(
                $"SELECT {Columns}, {Bytes} AS bytes FROM comparisons WHERE (@after IS NULL OR id < @after) AND (@baseline IS NULL OR baseline = @baseline) ORDER BY id DESC LIMIT @count",
                new { count, after, baseline })
            .Select(row => row.ToEntry())
            .ToList(),
        cancellation);

    /// <summary>Takes a comparison away; returns how many bytes were kept of it, or null if there was none.</summary>
    public Task<long?> Remove(string id, CancellationToken cancellation) => Ids.IsWellFormed(id)
        ? database.Write(
            connection => connection.QuerySingleOrDefault<long?>($"DELETE FROM comparisons WHERE id = @id RETURNING {Bytes}", new { id }), cancellation)
        : Task.FromResult<long?>(null);

    /// <summary>How many bytes are kept of each comparison that has positions, by id.</summary>
    public Task<Dictionary<string, long>> Sizes() => database.Read(connection => connection
        .Query<(string Id, long Bytes)>($"SELECT id, {Bytes} FROM comparisons WHERE record_bytes > 0").ToDictionary(row => row.Id, row => row.Bytes));

    /// <summary>How many bytes are kept of all those from before an instant that have no positions.</summary>
    public Task<long> SizeWithoutPositions(DateTimeOffset before) => database.Read(connection => connection.QuerySingle<long>(
        $"SELECT COALESCE(SUM({Bytes}), 0) FROM comparisons WHERE record_bytes = 0 AND created_at < @before", new { before = before.ToUnixTimeMilliseconds() }));

    private sealed record Row
    {
        public string Id { get; init; } = "";
        public string? Baseline { get; init; }
        public string? ReferenceSha256 { get; init; }
        public long RowCount { get; init; }
        public long Vocabulary { get; init; }
        public long RecordBytes { get; init; }
        public string Report { get; init; } = "";
        public string Summary { get; init; } = "";
        public long CreatedAt { get; init; }
        public long Bytes { get; init; }

        public static Row Of(StoredComparison stored) => new()
        {
            Id = stored.Id,
            Baseline = stored.Baseline,
            ReferenceSha256 = stored.ReferenceSha256,
            RowCount = stored.Rows,
            Vocabulary = stored.Vocabulary,
            RecordBytes = stored.RecordBytes,
            Report = stored.Report,
            Summary = stored.Summary,
            CreatedAt = new DateTimeOffset(stored.CreatedAt).ToUnixTimeMilliseconds(),
        };

        public ComparisonEntry ToEntry() => new(Id, Baseline, RowCount, (int)Vocabulary, Bytes, DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt).UtcDateTime);

        public StoredComparison ToComparison() => new()
        {
            Id = Id,
            Baseline = Baseline,
            ReferenceSha256 = ReferenceSha256,
            Rows = RowCount,
            Vocabulary = (int)Vocabulary,
            RecordBytes = (int)RecordBytes,
            Report = Report,
            Summary = Summary,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt).UtcDateTime,
        };
    }
}
