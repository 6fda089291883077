namespace KlApi.Storage;

/// <summary>
/// A file that nobody sees before it is complete: written under a temporary name in the same folder, then flushed to the disk and renamed.
/// A process killed at any instant leaves the whole file or a temporary one, which the next start sweeps away.
/// </summary>
internal sealed class PendingFile : IAsyncDisposable
{
    private const string Suffix = ".pending";
    private readonly string _folder;
    private readonly string _path;
    private bool _committed;

    private PendingFile(string folder)
    {
        _folder = folder;
        _path = Path.Combine(folder, $"{Guid.NewGuid():N}{Suffix}");
        Stream = new FileStream(_path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16, FileOptions.Asynchronous);
    }

    /// <summary>Where to write. A full disk throws an <see cref="IOException"/>, which clients see as 507.</summary>
    public FileStream Stream { get; }

    /// <summary>Starts a file in a folder that exists.</summary>
    public static PendingFile In(string folder)
    {
        try
        {
            return new PendingFile(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageException.OfFile(exception);
        }
    }

    /// <summary>Removes what processes that were killed left unfinished. Only for folders that nobody writes to at this moment.</summary>
    public static void Sweep(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, $"*{Suffix}")) File.Delete(file);
    }

    /// <summary>Makes the file durable and visible under <paramref name="name"/>, in place of an older one of that name.</summary>
    public async Task Commit(string name)
    {
        try
        {
            await Stream.FlushAsync();
            Stream.Flush(flushToDisk: true);
            await Stream.DisposeAsync();
            File.Move(_path, Path.Combine(_folder, name), overwrite: true);
            _committed = true;
            DirectorySync.Flush(_folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageException.OfFile(exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Stream.DisposeAsync();
        }
        catch (IOException)
        {
            // What is still buffered does not fit on a full disk; the file is given up anyway.
        }

        if (!_committed) File.Delete(_path);
    }
}
