using System.Globalization;
using System.Text.Json;
using KlCore.Estimation.Counts;
using KlCore.Estimation.Counts.Corrections;

namespace KlCore.Tests.Estimation.Counts;

/// <summary>Entropies, divergences and tests of counts against values of many digits (Reference/counts.py).</summary>
public class CountGoldenTests
{
    private static readonly JsonElement Golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "counts.json"))).RootElement;

    public static TheoryData<string> Entropies => [.. Names("entropies")];

    public static TheoryData<string> Divergences => [.. Names("divergences")];

    [Theory]
    [MemberData(nameof(Entropies))]
    public void Entropy_UnderEveryCorrection_AgreesToTwelveDigits(string name)
    {
        var golden = Case("entropies", name);
        var counts = CountTable.TryFrom(golden.GetProperty("counts").Deserialize<double[]>()!, golden.GetProperty("categories").GetInt32(), new Problems())!;
        var misses = new List<string>();
        foreach (var entry in golden.GetProperty("entropies").EnumerateObject())
        {
            var (expected, value) = (Number(entry.Value), Correction(entry.Name).Entropy(counts, default));
            if (!(Math.Abs(value - expected) <= 1e-12 * Math.Max(Math.Abs(expected), 1e-15))) misses.Add($"{entry.Name}: {expected:R}, was {value:R}");
        }

        Assert.True(misses.Count == 0, string.Join(Environment.NewLine, misses));
        Assert.Equal(Number(golden.GetProperty("delta")), EntropyError.Delta(counts), 1e-12 * Math.Max(1e-3, Number(golden.GetProperty("delta"))));
    }

    [Theory]
    [MemberData(nameof(Entropies))]
    public void Nsb_ErrorBound_HoldsTheTruth(string name)
    {
        var golden = Case("entropies", name);
        var counts = CountTable.TryFrom(golden.GetProperty("counts").Deserialize<double[]>()!, golden.GetProperty("categories").GetInt32(), new Problems())!;
        var estimate = new NemenmanShafeeBialekCorrection().Correct(counts, default);
        var expected = Number(golden.GetProperty("entropies").GetProperty("nsb"));
        Assert.InRange(Math.Abs(estimate.Value - expected), 0, estimate.ErrorBound!.Value);
        Assert.True(estimate.ErrorBound <= 1e-11, $"a bound of {estimate.ErrorBound}");
        Assert.Equal(Number(golden.GetProperty("nsbDeviation")), estimate.StandardDeviation!.Value, 1e-9);
    }

    /// <summary>Others answer 1.4526 for these.</summary>
    [Fact]
    public void Nsb_OfSevenObservations_IsTheExactOne() =>
        Assert.Equal(1.50504, new NemenmanShafeeBialekCorrection().Entropy(CountTable.TryFrom([2, 2, 1, 1, 1], 5, new Problems())!, default), 5e-6);

    [Theory]
    [MemberData(nameof(Divergences))]
    public void Divergence_UnderEveryCorrection_AgreesToTwelveDigits(string name)
    {
        var golden = Case("divergences", name);
        var pair = Pair(golden);
        var misses = new List<string>();
        foreach (var entry in golden.GetProperty("divergences").EnumerateObject())
        {
            var (expected, value) = (Number(entry.Value), Correction(entry.Name).Divergence(pair)!.Value);
            // A corrected divergence is a difference of numbers of the order of 1.
            var scale = entry.Name is "none" or "dirichlet/laplace" or "james-stein" ? Math.Abs(expected) : Math.Max(Math.Abs(expected), 1e-2);
            if (expected != value && !(Math.Abs(value - expected) <= 1e-12 * scale)) misses.Add($"{entry.Name}: {expected:R}, was {value:R}");
        }

        Assert.True(misses.Count == 0, string.Join(Environment.NewLine, misses));
    }

    [Theory]
    [MemberData(nameof(Divergences))]
    public void Tests_OfTwoSamples_AgreeToTwelveDigits(string name)
    {
        var golden = Case("divergences", name);
        var tests = CountTests.Of(Pair(golden)).Tests;
        Assert.Equal(["g-test", "pearson-chi-squared"], tests.Select(test => test.Name));
        foreach (var (test, statistic, pValue) in new[] { (tests[0], "g", "gPValue"), (tests[1], "chi", "chiPValue") })
        {
            Assert.Equal(golden.GetProperty("degrees").GetDouble(), test.DegreesOfFreedom);
            AssertNear(Number(golden.GetProperty(statistic)), test.Statistic);
            AssertNear(Number(golden.GetProperty(pValue)), test.PValue, 1e-11);
        }
    }

    private static CountPair Pair(JsonElement golden)
    {
        var categories = golden.GetProperty("categories").GetInt32();
        return CountPair.Of(
            CountTable.TryFrom(golden.GetProperty("p").Deserialize<double[]>()!, categories, new Problems())!,
            CountTable.TryFrom(golden.GetProperty("q").Deserialize<double[]>()!, categories, new Problems())!);
    }

    private static CountCorrection Correction(string name) => name.Split('/') is [_, var prior]
        ? new DirichletCorrection { Prior = Enum.Parse<DirichletPrior>(prior, ignoreCase: true) }
        : JsonSerializer.Deserialize<CountCorrection>($$"""{ "name": "{{name}}" }""")!;

    private static void AssertNear(double expected, double value, double tolerance = 1e-12) =>
        Assert.True(Math.Abs(value - expected) <= tolerance * Math.Abs(expected), $"{expected:R}, was {value:R}");

    private static IEnumerable<string> Names(string kind) => Golden.GetProperty(kind).EnumerateArray().Select(golden => golden.GetProperty("name").GetString()!);

    private static JsonElement Case(string kind, string name) => Golden.GetProperty(kind).EnumerateArray().Single(golden => golden.GetProperty("name").GetString() == name);

    private static double Number(JsonElement element) => double.Parse(element.GetString()!, CultureInfo.InvariantCulture);
}
