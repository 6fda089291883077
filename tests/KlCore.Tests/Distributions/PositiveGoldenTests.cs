using System.Globalization;
using System.Text.Json;
using KlCore.Distributions;
using KlCore.Distributions.ClosedForms;

namespace KlCore.Tests.Distributions;

/// <summary>The families on x &gt; 0 and every closed form from them against integrals of many digits (Reference/positive.py).</summary>
public class PositiveGoldenTests
{
    private static readonly JsonElement Data = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Reference", "positive.json"))).RootElement;

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    [Fact]
    public void Functions_AtAllPoints_HaveTheirDigits()
    {
        var misses = new List<string>();
        foreach (var entry in Data.GetProperty("functions").EnumerateArray())
        {
            var family = (Univariate)Read(entry, "distribution");
            foreach (var point in entry.GetProperty("points").EnumerateArray())
            {
                var x = point.GetProperty("x").GetDouble();
                var log = Number(point, "logDensity");
                Check(family.LogDensity(x), log, 1e-14 * (Math.Abs(log) + 10), $"ln p({x}) of {family}");
                // As far out as the density is small, its digits are those of its logarithm.
                var tolerance = 1e-14 * (Math.Abs(log) + 5);
                Check(family.Cumulative(x), Number(point, "lower"), tolerance * Number(point, "lower"), $"P(X <= {x}) of {family}");
                Check(family.Survival(x), Number(point, "upper"), tolerance * Number(point, "upper"), $"P(X > {x}) of {family}");
            }

            Check(family.EntropyByFormula()!.Value, Number(entry, "entropy"), 1e-14 * (Math.Abs(Number(entry, "entropy")) + 5), $"entropy of {family}");
            if (entry.TryGetProperty("mean", out _)) Check(family.Expectation()!.Value, Number(entry, "mean"), 1e-13 * Number(entry, "mean"), $"mean of {family}");
            if (entry.TryGetProperty("variance", out _)) Check(family.Variance()!.Value, Number(entry, "variance"), 1e-12 * Number(entry, "variance"), $"variance of {family}");
        }

        Assert.True(misses.Count == 0, string.Join(Environment.NewLine, misses));

        void Check(double actual, double expected, double tolerance, string what)
        {
            if (!(Math.Abs(actual - expected) <= tolerance)) misses.Add($"{what}: {actual:R}, not {expected:R}");
        }
    }

    [Fact]
    public void KullbackLeibler_OfEveryPair_IsTheIntegral() => CheckDivergences("divergences", 1e-12, atLeast: 450);

    [Fact]
    public void KullbackLeibler_ToModelsOnTheLine_IsTheIntegral() => CheckDivergences("toLine", 1e-12, atLeast: 60);

    [Fact]
    public void KullbackLeibler_NearlyEqualOrExtreme_HasItsDigits() => CheckDivergences("near", 1e-13, atLeast: 140);

    private static void CheckDivergences(string list, double tolerance, int atLeast)
    {
        var (misses, found) = (new List<string>(), 0);
        foreach (var entry in Data.GetProperty(list).EnumerateArray())
        {
            var (p, q) = (Read(entry, "p"), Read(entry, "q"));
            var expected = Number(entry, "value");
            if (Registry.Find(p.GetType(), q.GetType())?.KullbackLeibler(p, q) is not { } actual) continue;
            found++;
            if (actual != expected && !(Math.Abs(actual - expected) <= tolerance * expected)) misses.Add($"{p} to {q}: {actual:R}, not {expected:R}, off by {(actual - expected) / expected:g2}");
        }

        // Not all pairs have a form; those that had one keep it.
        Assert.InRange(found, atLeast, int.MaxValue);
        Assert.True(misses.Count == 0, string.Join(Environment.NewLine, misses));
    }

    private static Distribution Read(JsonElement entry, string name) => entry.GetProperty(name).Deserialize<Distribution>(Options)!;

    private static double Number(JsonElement entry, string name) => double.Parse(entry.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
}
