using System.Diagnostics;
using Dapper;
using KlApi.Tests.Host;
using Microsoft.Data.Sqlite;

namespace KlApi.Tests.Jobs;

/// <summary>A process of the service that knows the kind "walk", and what can be done to it from outside.</summary>
internal static class WalkingProcess
{
    public static ServiceProcess Create() => new ServiceProcess()
        .With("DOTNET_STARTUP_HOOKS", typeof(Walk).Assembly.Location)
        .With("KlService__DrainSeconds", "0")
        .With("Serilog__MinimumLevel", "Warning");

    /// <summary>Asks it to stop, as an operator does, and waits for the end. Returns how long that took.</summary>
    public static async Task<TimeSpan> Terminate(this ServiceProcess service)
    {
        var clock = Stopwatch.StartNew();
        using var kill = Process.Start("kill", $"-TERM {service.Process.Id}");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await service.Process.WaitForExitAsync(patience.Token);
        return clock.Elapsed;
    }

    /// <summary>Looks at the tables behind the service's back.</summary>
    public static SqliteConnection Open(string dataDirectory)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(dataDirectory, "klservice.db")};Pooling=False");
        connection.Open();
        return connection;
    }

    /// <summary>Checks a copy of the database as a killed process left it.</summary>
    public static void AssertIntact(string dataDirectory)
    {
        var copy = Directory.CreateTempSubdirectory("kl-copy-").FullName;
        foreach (var file in Directory.GetFiles(dataDirectory, "klservice.db*").Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        using (var connection = Open(copy)) Assert.Equal("ok", connection.ExecuteScalar<string>("PRAGMA integrity_check"));
        Directory.Delete(copy, recursive: true);
    }
}
