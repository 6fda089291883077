namespace KlApi.Storage.Logits;

/// <summary>The files of baselines and of their targets.</summary>
internal sealed class BaselineFiles(DataDirectory directory, Database database, BaselineTable table, StorageQuota quota, ILogger<BaselineFiles> logger)
    : StoredFiles(directory, database, quota, logger)
{
    protected override string Name => "baselines";

    protected override Task<Dictionary<string, long>> Sizes() => table.Sizes();
}
