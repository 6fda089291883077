using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace KlApi.Storage;

/// <summary>
/// The database behind every feature that keeps something. One connection does all writes and checkpoints: SQLite before 3.51.3 can corrupt
/// a write-ahead log that two connections reset at once, and one writer never meets another in its own process. Readers have their own
/// read-only connections and never wait for the writer. A write is durable (synchronous=FULL) when its task completes.
/// </summary>
internal sealed class Database(DataDirectory directory, ILogger<Database> logger) : IDisposable
{
    /// <summary>How long a statement waits for a lock that another process holds.</summary>
    private const int BusySeconds = 5;

    /// <summary>How long a write waits for its turn. With <see cref="BusySeconds"/> this keeps every answer below ten seconds.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(4);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SqliteConnection? _writer;

    // Columns are written in snake_case, properties in PascalCase. Before the first query, since Dapper remembers how it read a type.
    static Database() => Dapper.DefaultTypeMap.MatchNamesWithUnderscores = true;

    /// <summary>Completes when the schema is in place and reads and writes can begin; fails if the database is damaged.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Null while all is well, else why nothing is served, in words for an operator.</summary>
    public string? Obstacle { get; private set; } = "The database is starting.";

    /// <summary>Runs <paramref name="work"/> in one transaction that is committed if it returns and rolled back if it throws.</summary>
    public async Task<T> Write<T>(Func<DbConnection, T> work, CancellationToken cancellation = default)
    {
        await WaitUntilReady(cancellation);
        if (!await _turn.WaitAsync(Turn, cancellation))
            throw new StorageException(StorageFault.Busy, "The database has more writes waiting than it can do; try again in a moment.");
        try
        {
            return InTransaction(Writer(), Dialect.BeginWrite, work);
        }
        catch (Exception exception) when (StorageException.From(exception) is { } fault)
        {
            // After an I/O error the connection is not trusted any more; the next write opens a new one.
            if (exception is SqliteException { SqliteErrorCode: not (5 or 6 or 13) }) CloseWriter();
            Note(fault);
            throw fault;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc cref="Write{T}"/>
    public Task Write(Action<DbConnection> work, CancellationToken cancellation = default) => Write(
        connection =>
        {
            work(connection);
            return true;
        },
        cancellation);

    /// <summary>Runs <paramref name="work"/> on a read-only connection; all that it reads is of one instant.</summary>
    public async Task<T> Read<T>(Func<DbConnection, T> work, CancellationToken cancellation = default)
    {
        await WaitUntilReady(cancellation);
        try
        {
            using var connection = Open(SqliteOpenMode.ReadOnly, pooled: true);
            Execute(connection, "PRAGMA wal_autocheckpoint=0");
            return InTransaction(connection, "BEGIN", work);
        }
        catch (Exception exception) when (StorageException.From(exception) is { } fault)
        {
            Note(fault);
            throw fault;
        }
    }

    /// <summary>
    /// Opens and migrates. A damaged database is left exactly as it is (the check runs on a read-only connection): it becomes the
    /// <see cref="Obstacle"/>, and false is returned. Throws a <see cref="StorageException"/> where trying again can help.
    /// </summary>
    public bool TryStart()
    {
        try
        {
            if (File.Exists(directory.DatabaseFile) && new FileInfo(directory.DatabaseFile).Length > 0) CheckIntegrity();
            Migrations.Apply(Writer(), logger);
            Obstacle = null;
            _ready.TrySetResult();
            return true;
        }
        catch (Exception exception) when (StorageException.From(exception) is { } fault)
        {
            CloseWriter();
            if (fault.Fault != StorageFault.Unavailable) throw fault;
            Note(fault);
            _ready.TrySetException(fault);
            return false;
        }
    }

    /// <summary>Moves the write-ahead log into the database file and closes everything.</summary>
    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        CloseWriter();
        _turn.Dispose();
    }

    private static T InTransaction<T>(SqliteConnection connection, string begin, Func<DbConnection, T> work)
    {
        Execute(connection, begin);
        try
        {
            var result = work(connection);
            Execute(connection, "COMMIT");
            return result;
        }
        catch
        {
            RollBack(connection);
            throw;
        }
    }

    private static void RollBack(SqliteConnection connection)
    {
        try
        {
            Execute(connection, "ROLLBACK");
        }
        catch (SqliteException)
        {
            // A full disk or an I/O error has rolled back already, and says so: "no transaction is active".
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private async Task WaitUntilReady(CancellationToken cancellation)
    {
        if (_ready.Task.IsCompleted && Obstacle is null) return;
        if (!_ready.Task.IsCompleted) await Task.WhenAny(_ready.Task, Task.Delay(TimeSpan.FromSeconds(BusySeconds), cancellation));
        if (Obstacle is { } obstacle) throw new StorageException(StorageFault.Unavailable, obstacle);
    }

    private SqliteConnection Writer()
    {
        if (_writer is not null) return _writer;
        var writer = Open(SqliteOpenMode.ReadWriteCreate, pooled: false);
        try
        {
            Execute(writer, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864");
            logger.LogInformation("SQLite {Version} is open; one connection does all writes and checkpoints", writer.ServerVersion);
            return _writer = writer;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    private SqliteConnection Open(SqliteOpenMode mode, bool pooled)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = directory.DatabaseFile,
            Mode = mode,
            Pooling = pooled,
            DefaultTimeout = BusySeconds,
        }.ToString());
        connection.Open();
        return connection;
    }

    private void CheckIntegrity()
    {
        using var connection = Open(SqliteOpenMode.ReadOnly, pooled: false);
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA quick_check(1)";
        var verdict = command.ExecuteScalar() as string;
        if (verdict == "ok") return;
        logger.LogCritical("The database {File} is damaged: {Verdict}", directory.DatabaseFile, verdict);
        throw new StorageException(StorageFault.Unavailable, "The database is damaged; nothing is served from it until it is repaired.");
    }

    /// <summary>A damaged database is not touched again.</summary>
    private void Note(StorageException fault)
    {
        if (fault.Fault == StorageFault.Busy) return;
        if (fault.Fault == StorageFault.Full)
        {
            logger.LogError(fault, "Storage is full or fails");
            return;
        }

        Obstacle = fault.Message;
        logger.LogCritical(fault, "The database {File} cannot be used; it is left as it is. Restore a backup or move it away, then restart", directory.DatabaseFile);
    }

    private void CloseWriter()
    {
        _writer?.Dispose();
        _writer = null;
    }
}
