namespace KlApi.Storage;

/// <summary>
/// The folder that holds everything durable: the database, datasets, artifacts. One process owns it at a time, by an exclusive lock on
/// <c>klservice.lock</c>, which the operating system releases however the process ends.
/// </summary>
internal sealed class DataDirectory(string path) : IDisposable
{
    private FileStream? _lock;

    /// <summary>Its absolute path.</summary>
    public string Path { get; } = path;

    /// <summary>The SQLite file.</summary>
    public string DatabaseFile => System.IO.Path.Combine(Path, "klservice.db");

    /// <summary>A folder in it, created if it is not there, and rid of the temporary files that a killed process left.</summary>
    public string Folder(string name)
    {
        var folder = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(folder);
        PendingFile.Sweep(folder);
        return folder;
    }

    /// <summary>Creates the folder and takes the lock, or refuses to start.</summary>
    public void Own()
    {
        try
        {
            Directory.CreateDirectory(Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The data directory {Path} cannot be created: {exception.Message}", exception);
        }

        var file = System.IO.Path.Combine(Path, "klservice.lock");
        try
        {
            _lock = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new StartRefusedException($"The data directory {Path} is not writable: {exception.Message}", exception);
        }
        catch (IOException exception)
        {
            throw new StartRefusedException(
                $"The data directory {Path} is in use by another process (its lock file {file} is held). "
                + "Stop that process, or set KlService__DataDirectory to another folder.",
                exception);
        }
    }

    public void Dispose() => _lock?.Dispose();
}
