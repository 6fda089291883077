using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using KlCore.Distributions;
using KlCore.Divergences;

namespace KlApi.Tests.Host;

/// <summary>What the documents say is what the code does.</summary>
public sealed class DocumentsTests(Service service) : IClassFixture<Service>
{
    [Fact]
    public void Formulas_AsSnapshot_AreThoseOfTheCatalogue()
    {
        var text = new StringBuilder("""
            # Formulas

            Generated from the catalogue in the code; a test compares. p is the reference, q the model, m = (p+q)/2, BC = sum sqrt(p q), and
            0 ln 0 = 0. Symmetric and metric are said for the default parameters.

            """);
        foreach (var entry in Catalogue.All)
        {
            var about = entry.Description;
            text.Append($"\n## `{entry.Name}`\n\n{about.Summary}\n\n```\n{about.Symbol} = {about.Formula}\n```\n\n");
            text.Append($"- Range: {about.Range}{(about.FollowsUnit ? ", in nats or bits" : "")}\n");
            string?[] facts = [about.IsMetric ? "a metric" : about.IsSymmetric ? "symmetric" : "not symmetric", about.UsesPositions ? "depends on positions" : null];
            text.Append($"- It is {string.Join(", ", facts.OfType<string>())}.\n");
            foreach (var parameter in entry.Parameters)
            {
                var legal = parameter.Values is { } values ? string.Join(" or ", values.Select(value => $"`{value}`")) : string.Join(", ", new[] { parameter.Type, parameter.Bounds }.OfType<string>());
                text.Append($"- `{parameter.Name}`: {legal}; {Default(parameter.Default)}.\n");
            }

            text.Append($"- Source: {about.Source}\n");
        }

        Repository.AssertSame(text.ToString(), "docs", "formulas.md");
    }

    [Fact]
    public void Distributions_AsSnapshot_AreThoseOfTheRegistry()
    {
        var text = new StringBuilder("""
            # Distributions

            Generated from the registry in the code; a test compares. Formulas are in the parameters' own names; in KL(p || q) those of p stand
            without and those of q with a prime. Pairs that are not listed are found by quadrature (of integers by summation) with an error bound,
            those of several dimensions by Monte Carlo with a standard error, and infinite ones are recognised by supports and tails.

            ## Families

            | family | density or probability | support | parameters |
            |---|---|---|---|

            """);
        foreach (var family in FamilyCatalogue.All)
        {
            var parameters = string.Join("; ", family.Parameters.Select(parameter => string.Join(", ", new[] { $"`{parameter.Name}`", parameter.Type, parameter.Bounds }.OfType<string>())));
            text.Append($"| `{family.Name}` | {Cell(family.Description.Density)} | {Cell(family.Description.Support)} | {parameters} |\n");
        }

        text.Append("\n## Closed forms of KL(p || q)\n\n| p | q | formula | holds for |\n|---|---|---|---|\n");
        foreach (var pair in PairCatalogue.All.Where(pair => pair.Formula is not null))
            text.Append($"| `{pair.P}` | `{pair.Q}` | {Cell(pair.Formula!)} | {Cell(pair.Condition ?? "all")} |\n");
        Repository.AssertSame(text.ToString(), "docs", "distributions.md");

        static string Cell(string words) => words.Replace("|", "\\|", StringComparison.Ordinal);
    }

    /// <summary>Every request of the README is sent; the answer shown below it is what comes back, as far as it is shown.</summary>
    [Fact]
    public async Task Readme_Requests_AnswerAsItSays()
    {
        var readme = await File.ReadAllTextAsync(Repository.PathOf("README.md"));
        var examples = Regex.Matches(readme, "```sh\ncurl http://localhost:5080(?<path>\\S+) [^']*'Content-Type: application/json'[^']*'(?<body>[^']*)'\n```[^`]*?```json\n(?<answer>.*?)```", RegexOptions.Singleline);
        Assert.True(examples.Count >= 2);
        Assert.Equal(Regex.Count(readme, "^curl ", RegexOptions.Multiline), examples.Count);
        foreach (Match example in examples)
        {
            var answer = await service.CreateClient().PostJson(example.Groups["path"].Value, example.Groups["body"].Value);
            AssertShown(JsonNode.Parse(example.Groups["answer"].Value)!, answer.Json, "");
        }
    }

    [Fact]
    public void Dependencies_EachPinnedPackage_HasItsVersionAndReason()
    {
        var text = File.ReadAllText(Repository.PathOf("docs", "dependencies.md"));
        var packages = XDocument.Load(Repository.PathOf("Directory.Packages.props")).Descendants("PackageVersion").ToList();
        Assert.NotEmpty(packages);
        Assert.All(packages, package => Assert.Matches($@"\| {Regex.Escape(package.Attribute("Include")!.Value)} \| {Regex.Escape(package.Attribute("Version")!.Value)} \| \S", text));
        Assert.Equal(packages.Count, Regex.Count(text, @"^\| [A-Za-z][\w.]+ \| \d", RegexOptions.Multiline));
    }

    [Fact]
    public void Dependencies_EachPinnedPackage_IsUsed()
    {
        var used = Files("*.csproj").Concat(Files("packages.lock.json")).Select(File.ReadAllText).ToList();
        var packages = XDocument.Load(Repository.PathOf("Directory.Packages.props")).Descendants("PackageVersion").Select(package => package.Attribute("Include")!.Value).ToList();
        Assert.All(packages, package => Assert.Contains(used, text => text.Contains($"\"{package}\"", StringComparison.OrdinalIgnoreCase)));

        static string[] Files(string pattern) => Directory.GetFiles(Repository.PathOf("."), pattern, SearchOption.AllDirectories);
    }

    [Fact]
    public void Links_InDocuments_LeadToFiles()
    {
        var documents = Directory.GetFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories).Append(Repository.PathOf("README.md")).ToList();
        Assert.True(documents.Count > 5);
        foreach (var document in documents)
            foreach (Match link in Regex.Matches(File.ReadAllText(document), @"\]\((?!https?:)(?<target>[^)#]+)"))
                Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(document)!, link.Groups["target"].Value)), $"{document}: {link.Groups["target"].Value}");
    }

    private static string Default(object? value) => value switch
    {
        null => "must be given",
        Enum name => $"default `{System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(name.ToString())}`",
        _ => $"default {value}",
    };

    private static void AssertShown(JsonNode shown, JsonNode? answered, string at)
    {
        if (shown is JsonObject map)
            foreach (var (key, value) in map) AssertShown(value!, answered?[key], $"{at}/{key}");
        else if (shown is JsonArray list && answered is JsonArray given && list.Count == given.Count)
            for (var i = 0; i < list.Count; i++) AssertShown(list[i]!, given[i], $"{at}/{i}");
        // The last digit may differ between processors with other vector units.
        else if (shown is JsonValue number && number.TryGetValue<double>(out var expected) && answered is JsonValue actual && actual.TryGetValue<double>(out var value))
            Assert.True(Math.Abs(expected - value) <= 1e-14 * Math.Abs(expected), $"README says {at} is {expected:R}, it is {value:R}");
        else Assert.True(JsonNode.DeepEquals(shown, answered), $"README says {at} is {shown.ToJsonString()}, it is {answered?.ToJsonString()}");
    }
}
