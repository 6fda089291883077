using KlApi.Storage;

namespace KlApi.Comparisons;

/// <summary>The files of positions.</summary>
internal sealed class ComparisonFiles(DataDirectory directory, Database database, ComparisonTable table, StorageQuota quota, ILogger<ComparisonFiles> logger)
    : StoredFiles(directory, database, quota, logger)
{
    protected override string Name => "comparisons";

    protected override Task<Dictionary<string, long>> Sizes() => table.Sizes();
}
