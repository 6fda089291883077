using KlApi.Storage;

namespace KlApi.Comparisons;

/// <summary>The files of positions.</summary>
internal sealed class ComparisonFiles(DataDirectory directory, Database database, ComparisonTable table, StorageQuota quota, TimeProvider time, ILogger<ComparisonFiles> logger)
    : StoredFiles(directory, database, quota, logger)
{
    private readonly DateTimeOffset _start = time.GetUtcNow();

    protected override string Name => "comparisons";

    protected override Task<Dictionary<string, long>> Sizes() => table.Sizes();

    protected override Task<long> SizeWithoutFiles() => table.SizeWithoutPositions(_start);
}
