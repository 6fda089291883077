namespace KlApi.Storage;

/// <summary>
/// Takes the data directory and opens the database before the server listens. What may pass (a lock, a full disk) is tried again for as long
/// as it takes, while the service answers 503; a directory that another process owns ends the process.
/// </summary>
internal sealed class DatabaseStart(DataDirectory directory, Database database, ILogger<DatabaseStart> logger) : BackgroundService, IHostedLifecycleService
{
    private bool _decided;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        directory.Own();
        _decided = Try();
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var pause = TimeSpan.FromMilliseconds(250); !_decided; pause = TimeSpan.FromSeconds(Math.Min(5, pause.TotalSeconds * 2)))
        {
            await Task.Delay(pause, stoppingToken);
            _decided = Try();
        }
    }

    private bool Try()
    {
        try
        {
            database.TryStart();
            return true;
        }
        catch (StorageException fault)
        {
            logger.LogError(fault, "The database cannot be opened yet; trying again");
            return false;
        }
    }
}
