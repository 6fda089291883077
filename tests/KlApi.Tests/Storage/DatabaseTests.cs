using System.Diagnostics;
using Dapper;
using KlApi.Storage;
using Microsoft.Data.Sqlite;

namespace KlApi.Tests.Storage;

public sealed class DatabaseTests
{
    private const string Insert = "INSERT INTO idempotency_keys (key, request_hash, job_id, created_at) VALUES (@key, 'h', 'j', 0)";

    [Fact]
    public async Task Write_ThatThrows_LeavesNothing()
    {
        using var storage = new TemporaryDatabase().Started();
        await Assert.ThrowsAsync<InvalidOperationException>(() => storage.Database.Write(connection =>
        {
            connection.Execute(Insert, new { key = "a" });
            throw new InvalidOperationException();
        }));
        Assert.Equal(0, await Keys(storage.Database));
    }

    [Fact]
    public async Task Write_From32ClientsAtOnce_LosesNoneAndNeverFindsItLocked()
    {
        using var storage = new TemporaryDatabase().Started();
        await Task.WhenAll(Enumerable.Range(0, 32).Select(client => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++) await storage.Database.Write(connection => connection.Execute(Insert, new { key = $"{client}/{i}" }));
        })));
        Assert.Equal(640, await Keys(storage.Database));
    }

    [Fact]
    public async Task Read_CannotWrite()
    {
        using var storage = new TemporaryDatabase().Started();
        await Assert.ThrowsAnyAsync<Exception>(() => storage.Database.Read(connection => connection.Execute(Insert, new { key = "a" })));
        Assert.Equal(0, await Keys(storage.Database));
    }

    [Fact]
    public async Task Start_Twice_AppliesEachMigrationOnce()
    {
        using var first = new TemporaryDatabase().Started();
        var applied = await first.Database.Read(connection => connection.Query<long>("SELECT version FROM schema_version ORDER BY version").ToList());
        first.Database.Dispose();
        first.Directory.Dispose();
        using var second = new TemporaryDatabase(first.Folder).Started();
        Assert.Equal(applied, await second.Database.Read(connection => connection.Query<long>("SELECT version FROM schema_version ORDER BY version").ToList()));
        Assert.Contains(1, applied);
    }

    [Fact]
    public async Task Start_OnANewerSchema_IsRefusedInWords()
    {
        using var storage = new TemporaryDatabase().Started();
        await storage.Database.Write(connection => connection.Execute("INSERT INTO schema_version VALUES (999, '999-later', 0)"));
        storage.Database.Dispose();
        storage.Directory.Dispose();
        using var again = new TemporaryDatabase(storage.Folder);
        Assert.False(again.Database.TryStart());
        Assert.Contains("newer version", again.Database.Obstacle, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<StorageException>(() => Keys(again.Database));
        Assert.Equal(503, refused.Refusal().Status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    public async Task Start_OnADamagedFile_ServesNothingAndLeavesItAsItIs(int offset)
    {
        using var storage = new TemporaryDatabase().Started();
        await storage.Database.Write(connection => Enumerable.Range(0, 500).Select(i => connection.Execute(Insert, new { key = $"{i}" })).Sum());
        storage.Database.Dispose();
        storage.Directory.Dispose();
        using (var file = File.OpenWrite(Path.Combine(storage.Folder, "klservice.db")))
        {
            file.Position = offset;
            file.Write(Enumerable.Repeat((byte)0xA5, 4096).ToArray());
        }

        var damaged = File.ReadAllBytes(Path.Combine(storage.Folder, "klservice.db"));
        using var again = new TemporaryDatabase(storage.Folder);
        Assert.False(again.Database.TryStart());
        Assert.Contains("damaged", again.Database.Obstacle, StringComparison.Ordinal);
        Assert.Equal(StorageFault.Unavailable, (await Assert.ThrowsAsync<StorageException>(() => Keys(again.Database))).Fault);
        again.Database.Dispose();
        Assert.Equal(damaged, File.ReadAllBytes(Path.Combine(storage.Folder, "klservice.db")));
    }

    [Fact]
    public async Task Write_WhileAnotherProcessHoldsTheLockShortly_WaitsAndSucceeds()
    {
        using var storage = new TemporaryDatabase().Started();
        using var other = Hold(storage.Folder);
        var write = Task.Run(() => storage.Database.Write(connection => connection.Execute(Insert, new { key = "a" })));
        await Task.Delay(1500);
        Assert.False(write.IsCompleted);
        other.Execute("COMMIT");
        Assert.Equal(1, await write);
    }

    [Fact]
    public async Task Write_WhileAnotherProcessKeepsTheLock_IsBusyWithinTenSeconds()
    {
        using var storage = new TemporaryDatabase().Started();
        using var other = Hold(storage.Folder);
        var clock = Stopwatch.StartNew();
        var writes = Enumerable.Range(0, 3).Select(i => Task.Run(() => storage.Database.Write(connection => connection.Execute(Insert, new { key = $"{i}" })))).ToList();
        foreach (var write in writes) Assert.Equal(503, (await Assert.ThrowsAsync<StorageException>(() => write)).Refusal().Status);
        Assert.InRange(clock.Elapsed.TotalSeconds, 3, 12);
        Assert.Equal(0, await Keys(storage.Database));
        other.Execute("COMMIT");
        Assert.Equal(1, await storage.Database.Write(connection => connection.Execute(Insert, new { key = "later" })));
    }

    [Fact]
    public void Own_OfADirectoryThatIsOwned_IsRefusedInWords()
    {
        using var storage = new TemporaryDatabase().Started();
        using var second = new TemporaryDatabase(storage.Folder);
        Assert.Contains("in use by another process", Assert.Throws<StartRefusedException>(second.Directory.Own).Message, StringComparison.Ordinal);
    }

    private static Task<long> Keys(Database database) => database.Read(connection => connection.ExecuteScalar<long>("SELECT count(*) FROM idempotency_keys"));

    private static SqliteConnection Hold(string folder)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "klservice.db")};Pooling=False");
        connection.Open();
        connection.Execute("BEGIN EXCLUSIVE");
        return connection;
    }
}
