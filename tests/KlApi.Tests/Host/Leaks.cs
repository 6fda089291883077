namespace KlApi.Tests.Host;

/// <summary>What an answer must never tell: code, paths, SQL.</summary>
public static class Leaks
{
    private static readonly string[] Inside =
    [
        "KlApi.", "KlCore.", "System.", "Microsoft.", "Newtonsoft", "   at ", ".cs:", "Exception", "StackTrace", "/src/", "/home/", "/tmp/", "/app/", "/root/", "C:\\",
        "SQLite", "sqlite", "SELECT ", "INSERT ", "Dapper", "Quartz", "`1", "Nullable",
    ];

    /// <summary>The first word of the inside that the text holds; null if there is none.</summary>
    public static string? FindIn(string text) => Inside.FirstOrDefault(word => text.Contains(word, StringComparison.Ordinal));
}
