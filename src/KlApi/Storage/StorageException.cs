using KlApi.Host;
using Microsoft.Data.Sqlite;

namespace KlApi.Storage;

/// <summary>Why storage could not do what it was asked.</summary>
internal enum StorageFault
{
    /// <summary>Another connection holds the database; trying again soon helps. Answered as 503 with Retry-After.</summary>
    Busy,

    /// <summary>No space is left, or the device fails. Answered as 507; works again once there is space.</summary>
    Full,

    /// <summary>The database is still starting, or it is damaged and nothing is served from it. Answered as 503.</summary>
    Unavailable,
}

/// <summary>A fault of the storage, and not of the request. The message is fit for clients: it names no path and no SQL.</summary>
internal sealed class StorageException(StorageFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    private const int LinuxNoSpace = 28, LinuxQuota = 122, WindowsDiskFull = unchecked((int)0x80070070);

    public StorageFault Fault { get; } = fault;

    /// <summary>What the client is told.</summary>
    public RefusedException Refusal() => Fault switch
    {
        StorageFault.Busy => new(503, "storage-busy", Message, TimeSpan.FromSeconds(2)),
        StorageFault.Full => new(507, "storage-full", Message),
        _ => new(503, "storage-unavailable", Message, TimeSpan.FromSeconds(10)),
    };

    /// <summary>The fault of a file that could not be written, whatever the reason: no space, no access, a disk that fails or is read-only.</summary>
    public static StorageException OfFile(Exception exception) =>
        From(exception) ?? new(StorageFault.Full, "The disk does not take this; nothing was changed.", exception);

    /// <summary>The storage fault that an exception stands for, or null if it is something else.</summary>
    public static StorageException? From(Exception exception) => exception switch
    {
        StorageException storage => storage,
        SqliteException { SqliteErrorCode: 5 or 6 } => new(StorageFault.Busy, "The database is locked; try again in a moment.", exception),
        SqliteException { SqliteErrorCode: 8 or 10 or 13 or 14 } =>
            new(StorageFault.Full, "There is no space left to store this, or the disk fails; nothing was changed.", exception),
        SqliteException { SqliteErrorCode: 11 or 26 } =>
            new(StorageFault.Unavailable, "The database is damaged; nothing is served from it until it is repaired.", exception),
        IOException { HResult: LinuxNoSpace or LinuxQuota or WindowsDiskFull } =>
            new(StorageFault.Full, "There is no space left to store this; nothing was changed.", exception),
        _ => null,
    };
}
