using KlApi.Storage;

namespace KlApi.Datasets;

/// <summary>The files of datasets.</summary>
internal sealed class DatasetFiles(DataDirectory directory, Database database, DatasetTable table, StorageQuota quota, ILogger<DatasetFiles> logger)
    : StoredFiles(directory, database, quota, logger)
{
    protected override string Name => "datasets";

    protected override Task<Dictionary<string, long>> Sizes() => table.Sizes();
}
