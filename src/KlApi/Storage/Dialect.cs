namespace KlApi.Storage;

/// <summary>
/// The few words in which databases differ. All other statements are plain SQL that SQLite and PostgreSQL both understand: times are
/// Unix milliseconds in BIGINT, documents are TEXT. The scripts' BLOB is BYTEA there.
/// </summary>
internal static class Dialect
{
    /// <summary>The database's own clock in Unix milliseconds. On PostgreSQL: <c>(extract(epoch from clock_timestamp()) * 1000)::bigint</c>.</summary>
    public const string Now = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";

    /// <summary>Opens a transaction that may write. A deferred one could not wait for the lock when its first read turns into a write.</summary>
    public const string BeginWrite = "BEGIN IMMEDIATE";
}
