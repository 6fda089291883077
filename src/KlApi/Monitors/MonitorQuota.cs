using KlApi.Storage;

namespace KlApi.Monitors;

/// <summary>Counts, once at start, what monitors take of the storage; what comes later counts itself.</summary>
internal sealed class MonitorQuota(Database database, MonitorTable table, StorageQuota quota, TimeProvider time, ILogger<MonitorQuota> logger) : BackgroundService
{
    private readonly long _start = time.GetUtcNow().ToUnixTimeMilliseconds();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await database.Ready.WaitAsync(stoppingToken);
            quota.Add(await table.Size(_start));
        }
        catch (StorageException fault)
        {
            logger.LogWarning(fault, "What monitors take of the storage could not be counted");
        }
    }
}
