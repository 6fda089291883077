using KlApi.Storage;

namespace KlApi.Datasets;

/// <summary>
/// The files of datasets, each under its id, which the server made: nothing that a client sends ever names a file. A file becomes visible by
/// its row, which is written after it; at start what has no row is removed, be it half an upload or the rest of a deletion.
/// </summary>
internal sealed class DatasetFiles(DataDirectory directory, DatasetTable table, DatasetQuota quota, ILogger<DatasetFiles> logger) : BackgroundService
{
    private const long Kept = 64L << 20;

    private string _folder = "";
    private HashSet<string> _found = [];

    /// <summary>Starts a file that nobody sees until it is committed under its id.</summary>
    public PendingFile Begin() => PendingFile.In(_folder);

    /// <summary>
    /// Refuses what would fill the disk to its end: some of it (5 %, at most 64 MiB) is kept for the database, which needs room even to delete.
    /// </summary>
    public void RequireRoom(long bytes)
    {
        var disk = new DriveInfo(_folder);
        if (disk.AvailableFreeSpace - bytes < Math.Min(Kept, disk.TotalSize / 20))
            throw new StorageException(StorageFault.Full, "There is not enough space left to store this; nothing was changed.");
    }

    /// <summary>Opens the file of a dataset, or null if it was deleted meanwhile.</summary>
    public FileStream? Open(string id)
    {
        try
        {
            return new FileStream(Path.Combine(_folder, id), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Removes the file of a dataset that has no row any more. Who is reading it reads on.</summary>
    public void Delete(string id) => File.Delete(Path.Combine(_folder, id));

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // The data directory is locked by now and the server does not listen yet: what lies here was left by an earlier process.
        _folder = directory.Folder("datasets");
        _found = [.. Directory.EnumerateFiles(_folder).Select(file => Path.GetFileName(file))];
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Sweep(stoppingToken);
        }
        catch (Exception fault) when (fault is StorageException or IOException or UnauthorizedAccessException)
        {
            // Nothing is lost by files that stay; the next start tries again.
            logger.LogWarning(fault, "The folder of datasets could not be swept");
        }
    }

    private async Task Sweep(CancellationToken stopping)
    {
        await table.Ready.WaitAsync(stopping);
        var sizes = await table.Sizes();
        // Only what was there at start: uploads since then counted themselves.
        quota.Add(sizes.Where(size => _found.Contains(size.Key)).Sum(size => size.Value));
        foreach (var file in _found.Where(file => !sizes.ContainsKey(file))) Sweep(file);
        _found = [];
    }

    private void Sweep(string file)
    {
        try
        {
            Delete(file);
            logger.LogInformation("Removed the file {File}: it belonged to no dataset", file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // It takes only space; the next start tries again.
            logger.LogWarning(fault, "The file {File} belongs to no dataset but could not be removed", file);
        }
    }
}
