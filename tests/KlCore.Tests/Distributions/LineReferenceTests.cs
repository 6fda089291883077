using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using KlCore.Distributions;
using KlCore.Distributions.ClosedForms;

namespace KlCore.Tests.Distributions;

/// <summary>Families on the line and on intervals, and divergences between them, against mpmath (Reference/lines.py).</summary>
public class LineReferenceTests
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        AllowOutOfOrderMetadataProperties = true,
    };

    private readonly List<string> _misses = [];

    // An argument is known to half a unit in its last place, which comes back times the slope of ln F.
    [Fact]
    public void Functions_AtAllPoints_HaveTheDigitsOfTheirTails()
    {
        foreach (var entry in Reference("distributions"))
        {
            var distribution = (Univariate)Read(entry, "distribution");
            foreach (var point in entry.GetProperty("points").EnumerateArray())
            {
                var x = point.GetProperty("x").GetDouble();
                var (log, lower, upper) = (Number(point, "log"), Number(point, "lower"), Number(point, "upper"));
                var where = $"{distribution} at {x:R}";
                Near(log, distribution.LogDensity(x), 1e-13 * (1 + Math.Abs(log)), where + " ln p");
                Near(lower, distribution.Cumulative(x), 1e-12 * lower, where + " below");
                Near(upper, distribution.Survival(x), 1e-12 * upper, where + " above");
                if (lower < 0.9) Near(x, distribution.Quantile(lower), 1e-12 * lower * Math.Exp(-log) + 1e-12 * Math.Abs(x), where + " quantile");
                if (upper < 0.9) Near(x, distribution.UpperQuantile(upper), 1e-12 * upper * Math.Exp(-log) + 1e-12 * Math.Abs(x), where + " upper quantile");
            }
        }

        AssertNoMisses();
    }

    [Fact]
    public void Moments_OfAllDistributions_AreThoseOfTheDensity()
    {
        foreach (var entry in Reference("distributions"))
        {
            var distribution = (Univariate)Read(entry, "distribution");
            Near(Number(entry, "entropy"), distribution.EntropyByFormula()!.Value, 1e-13 * (1 + Math.Abs(Number(entry, "entropy"))), $"{distribution} entropy");
            if (!entry.TryGetProperty("mean", out _)) continue;
            var (mean, variance) = (Number(entry, "mean"), Number(entry, "variance"));
            Near(mean, distribution.Expectation()!.Value, 1e-13 * (Math.Abs(mean) + Math.Sqrt(variance)), $"{distribution} mean");
            Near(variance, distribution.Variance()!.Value, 1e-12 * variance, $"{distribution} variance");
        }

        AssertNoMisses();
    }

    [Fact]
    public void KullbackLeibler_OfAllPairs_HasTwelveDigits()
    {
        var without = new List<string>();
        foreach (var pair in Reference("pairs"))
        {
            var (p, q, expected) = (Read(pair, "p"), Read(pair, "q"), Number(pair, "value"));
            if (Registry.Find(p.GetType(), q.GetType())?.KullbackLeibler(p, q) is not { } actual)
            {
                without.Add($"{p.GetType().Name} {q.GetType().Name}");
                continue;
            }

            Near(expected, actual, 2e-12 * expected, $"{p} to {q}");
        }

        AssertNoMisses();
        Assert.Equal(Without, without.Distinct());
    }

    // What there is no formula for.
    private static string[] Without =>
    [
        "Kumaraswamy Kumaraswamy", "Kumaraswamy BetaDistribution", "Triangular Triangular", "ContinuousBernoulli BetaDistribution", "ContinuousBernoulli Laplace", "Uniform Logistic",
    ];

    private static Distribution Read(JsonElement entry, string name) => entry.GetProperty(name).Deserialize<Distribution>(Options)!;

    private static double Number(JsonElement entry, string name) => double.Parse(entry.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    private void Near(double expected, double actual, double tolerance, string where)
    {
        if (!(Math.Abs(actual - expected) <= tolerance)) _misses.Add($"{where}: {actual:R}, not {expected:R}, off by {actual - expected:G3} where {tolerance:G3} is allowed");
    }

    private void AssertNoMisses() => Assert.True(_misses.Count == 0, string.Join(Environment.NewLine, _misses));

    private static JsonElement.ArrayEnumerator Reference(string name) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Reference", "lines.json"))).RootElement.GetProperty(name).EnumerateArray();
}
