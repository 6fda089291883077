using KlApi.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace KlApi.Tests.Storage;

/// <summary>A database of its own in a folder that goes with it.</summary>
internal sealed class TemporaryDatabase : IDisposable
{
    private readonly string? _own;

    public TemporaryDatabase(string? folder = null)
    {
        Folder = folder ?? (_own = System.IO.Directory.CreateTempSubdirectory("kl-storage-").FullName);
        Directory = new DataDirectory(Folder);
        Database = new Database(Directory, NullLogger<Database>.Instance);
    }

    public string Folder { get; }

    public DataDirectory Directory { get; }

    public Database Database { get; }

    /// <summary>Opens it as the service would.</summary>
    public TemporaryDatabase Started()
    {
        Directory.Own();
        Assert.True(Database.TryStart());
        return this;
    }

    public void Dispose()
    {
        Database.Dispose();
        Directory.Dispose();
        if (_own is not null) System.IO.Directory.Delete(_own, recursive: true);
    }
}
