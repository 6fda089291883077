namespace KlApi.Tests.Host;

/// <summary>The files of this repository, for tests that hold documents against the code.</summary>
public static class Repository
{
    /// <summary>Set to 1, tests that compare a generated file write it instead: <c>KL_WRITE=1 dotnet test --filter Snapshot</c>.</summary>
    public static bool Writes => Environment.GetEnvironmentVariable("KL_WRITE") == "1";

    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Compares a generated text with the file that is committed, or writes that file when asked to.</summary>
    public static void AssertSame(string generated, params string[] file)
    {
        var path = PathOf(file);
        if (Writes)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, generated);
        }

        var committed = File.Exists(path) ? File.ReadAllText(path) : "";
        if (generated == committed) return;
        Assert.Fail($"""
            {string.Join('/', file)} is not what the code makes now. Look at the difference; if it is meant, run
            KL_WRITE=1 dotnet test KlService.sln --filter Snapshot
            First difference: {FirstDifference(committed, generated)}
            """);
    }

    private static string FirstDifference(string committed, string generated)
    {
        var (old, now) = (committed.Split('\n'), generated.Split('\n'));
        var line = Enumerable.Range(0, Math.Max(old.Length, now.Length)).First(i => old.ElementAtOrDefault(i) != now.ElementAtOrDefault(i));
        return $"line {line + 1}, committed: {old.ElementAtOrDefault(line)?.Trim()}, now: {now.ElementAtOrDefault(line)?.Trim()}";
    }

    private static string Find(DirectoryInfo? directory)
    {
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "KlService.sln"))) directory = directory.Parent;
        return directory?.FullName ?? throw new DirectoryNotFoundException("No KlService.sln above the tests.");
    }
}
