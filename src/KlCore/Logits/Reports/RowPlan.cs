namespace KlCore.Logits.Reports;

/// <summary>Where rows stand in their chunks, and which of them count.</summary>
/// <param name="ChunkRows">Rows per chunk; null where not known, then all rows are one.</param>
/// <param name="Skip">How many rows at the start of each chunk are left out.</param>
public readonly record struct RowPlan(int? ChunkRows, int Skip)
{
    /// <summary>By what the options say, else by what the files say.</summary>
    public static RowPlan Of(ReportOptions options, int? chunkRows) => new(options.ClusterSize ?? chunkRows, options.Skip);

    /// <summary>The chunk of a row, from 0; null where chunks are not known.</summary>
    public long? ChunkOf(long row) => row / ChunkRows;

    /// <summary>The row's place in its chunk, from 0.</summary>
    public long OffsetOf(long row) => ChunkRows is { } rows ? row % rows : row;

    /// <summary>Whether the row is left out whatever it holds.</summary>
    public bool IsSkipped(long row) => OffsetOf(row) < Skip;

    /// <summary>Whether the row belongs to the report: neither skipped nor without a distribution.</summary>
    public bool Counts(long row, in Position position) => !IsSkipped(row) && (position.Facts & (PositionFacts.InvalidP | PositionFacts.InvalidQ)) == 0;
}
