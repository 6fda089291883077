using System.Text.RegularExpressions;

namespace KlApi.Tests.Host;

/// <summary>Dependencies point one way; a rule here first shows that it found what it rules over.</summary>
public sealed class ArchitectureTests
{
    private static readonly string[] NotFeatures = ["Host", "Storage", "Charts"];

    [Fact]
    public void Core_Alone_KnowsNoWebNorStorage()
    {
        var references = typeof(KlCore.Problems).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name!).ToList();
        Assert.Contains("System.Runtime", references);
        Assert.DoesNotContain(references, name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.Extensions", StringComparison.Ordinal) || name is "Serilog" or "Quartz" or "Dapper" or "Microsoft.Data.Sqlite" or "System.Net.Http");
    }

    /// <summary>Readers over streams are handed their stream; nothing in the core opens a file, reads a clock or asks the environment.</summary>
    [Fact]
    public void Core_Sources_OpenNoFileAndReadNoClock()
    {
        var sources = Directory.GetFiles(Repository.PathOf("src", "KlCore"), "*.cs", SearchOption.AllDirectories).Where(IsSource).ToList();
        Assert.True(sources.Count > 10);
        var forbidden = new Regex(@"\b(File|Directory|FileStream|Console)\.|\bDateTime(Offset)?\.(Utc)?Now\b|\bStopwatch\b|\bEnvironment\.(?!ProcessorCount|NewLine)|\bnew Random\(\)|\bRandom\.Shared\b", RegexOptions.None, TimeSpan.FromSeconds(5));
        Assert.All(sources, file => Assert.DoesNotMatch(forbidden, WithoutComments(File.ReadAllText(file))));
    }

    [Fact]
    public void Features_Each_ReferenceNoOther()
    {
        var root = Repository.PathOf("src", "KlApi");
        var features = Directory.GetDirectories(root).Select(Path.GetFileName).OfType<string>()
            .Where(name => char.IsUpper(name[0]) && !NotFeatures.Contains(name)).ToList();
        Assert.Contains("Divergences", features);
        foreach (var feature in features)
            foreach (var file in Directory.GetFiles(Path.Combine(root, feature), "*.cs", SearchOption.AllDirectories))
                foreach (var other in features.Where(other => other != feature))
                    Assert.False(Regex.IsMatch(WithoutComments(File.ReadAllText(file)), $@"\bKlApi\.{other}\b"), $"{Path.GetFileName(file)} of {feature} uses {other}");
    }

    [Fact]
    public void Host_And_Storage_KnowNoFeature()
    {
        var root = Repository.PathOf("src", "KlApi");
        var files = NotFeatures.Select(name => Path.Combine(root, name)).Where(Directory.Exists).SelectMany(folder => Directory.GetFiles(folder, "*.cs")).ToList();
        Assert.True(files.Count > 10);
        Assert.All(files, file => Assert.DoesNotMatch(@"\bKlApi\.(Divergences|Gaussians|Jobs|Datasets|Baselines|Comparisons)\b", WithoutComments(File.ReadAllText(file))));
    }

    [Fact]
    public void Types_InTheApi_AreSealedOrAbstract()
    {
        var types = typeof(Program).Assembly.GetTypes().Where(type => type is { IsClass: true, IsNested: false } && type.Namespace?.StartsWith("KlApi", StringComparison.Ordinal) == true).ToList();
        Assert.True(types.Count > 20);
        Assert.All(types, type => Assert.True(type.IsSealed || type.IsAbstract, $"{type.Name} is neither sealed nor abstract"));
    }

    [Fact]
    public void Names_OfTypes_SayWhatTheThingIs()
    {
        var types = typeof(Program).Assembly.GetTypes().Concat(typeof(KlCore.Problems).Assembly.GetTypes()).Where(type => type.Namespace?.StartsWith("Kl", StringComparison.Ordinal) == true).ToList();
        Assert.DoesNotContain(types, type => Regex.IsMatch(type.Name, "(Service|Manager|Helper|Helpers|Utils|Util|Dto|Impl)$"));
    }

    [Fact]
    public void Program_Stays_Short() => Assert.InRange(File.ReadAllLines(Repository.PathOf("src", "KlApi", "Program.cs")).Length, 10, 40);

    [Fact]
    public void Files_OfTheSources_StayReadable()
    {
        var sources = Directory.GetFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories).Where(IsSource).ToList();
        Assert.NotEmpty(sources);
        Assert.All(sources, file => Assert.True(File.ReadLines(file).Count() <= 300, $"{Path.GetFileName(file)} has more than 300 lines"));
    }

    private static bool IsSource(string path) => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin");

    private static string WithoutComments(string source) => Regex.Replace(source, "//.*", "");
}
