using System.Text.Json;
using System.Text.Json.Serialization;
using KlCore.Divergences;

namespace KlCore.Tests.Divergences;

/// <summary>Every measure against values of many digits (Reference/divergences.py), to 1e-12 relative.</summary>
public class GoldenTests
{
    private const double Tolerance = 1e-12;

    public static TheoryData<string> Names => [.. Golden.Cases.Select(golden => golden.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Between_HardPair_AgreesToTwelveDigits(string name)
    {
        var golden = Golden.Cases.Single(golden => golden.Name == name);
        var pair = golden.Pair();
        var misses = from expected in golden.Expected
                     let measured = expected.Measure.Between(pair).Value
                     where !Agrees(expected.Number(), measured)
                     select $"{expected.Measure}: {expected.Value}, was {measured:R}";
        Assert.True(!misses.Any(), string.Join(Environment.NewLine, misses));
    }

    [Fact]
    public void Golden_EveryMeasureWithoutPlan_HasValues() =>
        Assert.Empty(Catalogue.All.Select(entry => entry.Name).Where(name => name != "sinkhorn")
            .Except(Golden.Cases[0].Expected.Select(expected => Catalogue.All.Single(entry => entry.Type == expected.Measure.GetType()).Name)));

    [Fact]
    public void Between_MillionZipfCategories_AgreesToTwelveDigits()
    {
        var p = Enumerable.Range(1, 1_000_000).Select(k => 1.0 / k).ToArray();
        var q = Enumerable.Range(1, 1_000_000).Select(k => 1.0 / (k * Math.Sqrt(k))).ToArray();
        var pair = Pair.From(p, q, new() { Input = InputKind.Weights });
        var expected = JsonSerializer.Deserialize<Dictionary<string, string>>(Golden.Read("zipf.json"))!;
        (string Name, Divergence Measure)[] measures =
        [
            ("forward", new KullbackLeibler()), ("reverse", new KullbackLeibler { Direction = Direction.Reverse }), ("jensenShannon", new JensenShannon()),
            ("totalVariation", new TotalVariation()), ("squaredHellinger", new SquaredHellinger()),
        ];
        Assert.All(measures, entry => Assert.True(Agrees(double.Parse(expected[entry.Name]), entry.Measure.Between(pair).Value), entry.Name));
    }

    /// <summary>Relative, but for results that a double cannot hold with all its digits.</summary>
    private static bool Agrees(double expected, double measured) =>
        expected == measured || Math.Abs(expected - measured) <= Tolerance * Math.Abs(expected) + 2e-323;
}

/// <summary>The reference file.</summary>
internal static class Golden
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        AllowOutOfOrderMetadataProperties = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    public static IReadOnlyList<GoldenCase> Cases { get; } =
        JsonSerializer.Deserialize<GoldenFile>(Read("divergences.json"), Options)!.Cases;

    public static string Read(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", file));
}

internal sealed record GoldenFile(IReadOnlyList<GoldenCase> Cases);

internal sealed record GoldenCase(string Name, InputKind Input, double[] P, double[] Q, IReadOnlyList<Expected> Expected, double Temperature = 1, Smoothing? Smoothing = null)
{
    public Interpretation How() => new() { Input = Input, Temperature = Temperature, Smoothing = Smoothing ?? new NoSmoothing() };

    public Pair Pair() => KlCore.Divergences.Pair.From(P, Q, How());
}

internal sealed record Expected(Divergence Measure, string Value)
{
    public double Number() => Value == "Infinity" ? double.PositiveInfinity : double.Parse(Value);
}
