using System.Reflection;
using Dapper;
using Microsoft.Data.Sqlite;

namespace KlApi.Storage;

/// <summary>
/// Brings the schema up to date: the scripts <c>Migrations/NNN-name.sql</c>, in the order of their numbers, each in one transaction together
/// with its line in <c>schema_version</c>. A process killed in the middle leaves nothing half-done; the next start goes on from there.
/// </summary>
internal static class Migrations
{
    public static void Apply(SqliteConnection connection, ILogger logger)
    {
        connection.Execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)");
        var applied = connection.Query<long>("SELECT version FROM schema_version").ToHashSet();
        var scripts = Scripts();
        if (applied.Except(scripts.Select(script => script.Version)).Any())
        {
            throw new StorageException(
                StorageFault.Unavailable,
                "The database was written by a newer version of this service; start that version, or restore an older backup.");
        }

        foreach (var (version, name, sql) in scripts.Where(script => !applied.Contains(script.Version)))
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            connection.Execute(sql, transaction: transaction);
            connection.Execute(
                $"INSERT INTO schema_version (version, name, applied_at) VALUES (@version, @name, {Dialect.Now})",
                new { version, name },
                transaction);
            transaction.Commit();
            logger.LogInformation("Schema migration {Name} is applied", name);
        }
    }

    private static List<(long Version, string Name, string Sql)> Scripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        const string folder = ".Storage.Migrations.";
        var scripts =
            from resource in assembly.GetManifestResourceNames()
            let start = resource.IndexOf(folder, StringComparison.Ordinal)
            where start >= 0 && resource.EndsWith(".sql", StringComparison.Ordinal)
            let name = resource[(start + folder.Length)..^4]
            let version = long.Parse(name.AsSpan(0, 3))
            orderby version
            select (version, name, Text(assembly, resource));
        return scripts.ToList();
    }

    private static string Text(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
