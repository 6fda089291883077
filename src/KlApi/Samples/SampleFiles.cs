using KlApi.Storage;

namespace KlApi.Samples;

/// <summary>The files of samples, none of which outlasts its request.</summary>
internal sealed class SampleFiles(DataDirectory directory, Database database, StorageQuota quota, ILogger<SampleFiles> logger)
    : StoredFiles(directory, database, quota, logger)
{
    protected override string Name => "samples";

    protected override Task<Dictionary<string, long>> Sizes() => Task.FromResult(new Dictionary<string, long>());
}
