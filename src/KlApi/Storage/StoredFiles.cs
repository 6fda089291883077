namespace KlApi.Storage;

/// <summary>
/// A folder of files, each under an id that the server made: nothing that a client sends ever names a file. A file becomes visible by the row
/// that names it, which is written after it; at start what no row names is removed, be it half an upload or the rest of a deletion.
/// </summary>
internal abstract class StoredFiles(DataDirectory directory, Database database, StorageQuota quota, ILogger logger) : BackgroundService
{
    private const long Kept = 64L << 20;

    private string _folder = "";
    private HashSet<string> _found = [];

    /// <summary>The folder's name in the data directory.</summary>
    protected abstract string Name { get; }

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

    /// <summary>Opens a file, or null if it was deleted meanwhile.</summary>
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

    /// <summary>
    /// Makes a file durable under its id and then visible by what <paramref name="addRow"/> writes; if that throws or is false, the file is gone again. From here on a client
    /// that leaves undoes nothing.
    /// </summary>
    public async Task<bool> Publish(PendingFile file, string id, Func<Task<bool>> addRow)
    {
        await file.Commit(id);
        var isVisible = false;
        try
        {
            return isVisible = await addRow();
        }
        finally
        {
            if (!isVisible) Delete(id);
        }
    }

    /// <summary>Removes a file that no row names any more. Who is reading it reads on.</summary>
    public void Delete(string id) => File.Delete(Path.Combine(_folder, id));

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // The data directory is locked by now and the server does not listen yet: what lies here was left by an earlier process.
        _folder = directory.Folder(Name);
        _found = [.. Directory.EnumerateFiles(_folder).Select(file => Path.GetFileName(file))];
        return base.StartAsync(cancellationToken);
    }

    /// <summary>How many bytes are kept with each file that a row names.</summary>
    protected abstract Task<Dictionary<string, long>> Sizes();

    /// <summary>How many bytes clients had stored without a file when this process started.</summary>
    protected virtual Task<long> SizeWithoutFiles() => Task.FromResult(0L);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Sweep(stoppingToken);
        }
        catch (Exception fault) when (fault is StorageException or IOException or UnauthorizedAccessException)
        {
            // Nothing is lost by files that stay; the next start tries again.
            logger.LogWarning(fault, "The folder {Folder} could not be swept", Name);
        }
    }

    private async Task Sweep(CancellationToken stopping)
    {
        await database.Ready.WaitAsync(stopping);
        var sizes = await Sizes();
        // Only what was there at start: uploads since then counted themselves.
        quota.Add(sizes.Where(size => _found.Contains(size.Key)).Sum(size => size.Value) + await SizeWithoutFiles());
        foreach (var file in _found.Where(file => !sizes.ContainsKey(file))) Sweep(file);
        _found = [];
    }

    private void Sweep(string file)
    {
        try
        {
            Delete(file);
            logger.LogInformation("Removed the file {File} of {Folder}: no row names it", file, Name);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // It takes only space; the next start tries again.
            logger.LogWarning(fault, "No row names the file {File} of {Folder}, but it could not be removed", file, Name);
        }
    }
}
