using System.Globalization;
using System.Text.Json;
using KlCore.Distributions;
using KlCore.Distributions.ClosedForms;

namespace KlCore.Tests.Distributions;

/// <summary>Distributions of integers against values of many digits (Reference/lattice.py).</summary>
public class LatticeGoldenTests
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private static readonly JsonElement Golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "lattice.json"))).RootElement;

    public static TheoryData<string> Families => [.. Golden.GetProperty("families").EnumerateArray().Select(entry => entry.GetProperty("distribution").GetRawText())];

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var pair in Golden.GetProperty("pairs").EnumerateArray()) data.Add(pair.GetProperty("p").GetRawText(), pair.GetProperty("q").GetRawText());
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Family_MassesTailsAndMoments_AgreeToThirteenDigits(string name)
    {
        var golden = Golden.GetProperty("families").EnumerateArray().First(entry => entry.GetProperty("distribution").GetRawText() == name);
        var distribution = (Discrete)golden.GetProperty("distribution").Deserialize<Distribution>(Options)!;
        Assert.False(HasProblems(distribution));
        var misses = new List<string>();
        foreach (var point in golden.GetProperty("points").EnumerateArray())
        {
            var x = point.GetProperty("x").GetDouble();
            // A mass of e^-1000 is known to a thousand units in the last place at best.
            var log = Number(point, "logMass")!.Value;
            Compare($"ln P({x:R})", log, distribution.LogDensity(x), 1e-14, 1e-13, misses);
            if (Number(point, "atMost") is { } atMost) Compare($"P(X <= {x:R})", atMost, distribution.Cumulative(x), Loosened(atMost), 0, misses);
            if (Number(point, "above") is { } above) Compare($"P(X > {x:R})", above, distribution.Survival(x), Loosened(above), 0, misses);
        }

        if (Number(golden, "mean") is { } mean) Compare("mean", mean, distribution.Expectation()!.Value, 1e-13, 1e-25, misses);
        if (Number(golden, "variance") is { } variance && double.IsFinite(Mean(golden))) Compare("variance", variance, distribution.Variance()!.Value, 1e-12, 1e-25, misses);
        if (Number(golden, "entropy") is { } entropy && distribution.EntropyByFormula() is { } found) Compare("entropy", entropy, found, 1e-13, 1e-25, misses);
        Assert.True(misses.Count == 0, string.Join(Environment.NewLine, misses));

        static double Mean(JsonElement golden) => Number(golden, "mean") ?? double.NaN;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Pair_ClosedForms_AgreeToTwelveDigits(string p, string q)
    {
        var golden = Golden.GetProperty("pairs").EnumerateArray().First(entry => entry.GetProperty("p").GetRawText() == p && entry.GetProperty("q").GetRawText() == q);
        var (first, second) = (golden.GetProperty("p").Deserialize<Distribution>(Options)!, golden.GetProperty("q").Deserialize<Distribution>(Options)!);
        var form = Registry.Find(first.GetType(), second.GetType());
        Assert.NotNull(form);
        var misses = new List<string>();
        var divergence = form.KullbackLeibler(first, second);
        Assert.NotNull(divergence);
        Assert.True(divergence >= 0 && !double.IsNegative(divergence.Value), $"KL was {divergence:R}");
        Compare("forward", Number(golden, "forward")!.Value, divergence.Value, 1e-12, 0, misses);
        foreach (var chernoff in golden.GetProperty("chernoff").EnumerateArray())
        {
            var a = chernoff.GetProperty("a").GetDouble();
            Compare($"ln sum p^{a} q^(1-{a})", Number(chernoff, "value")!.Value, form.LogChernoff(first, second, a)!.Value, 1e-11, 0, misses);
        }

        Assert.True(misses.Count == 0, string.Join(Environment.NewLine, misses));
    }

    // e^-x amplifies the rounding of x.
    private static double Loosened(double probability) => 1e-13 * (1 + Math.Abs(Math.Log(Math.Max(probability, 1e-300))) / 30);

    private static bool HasProblems(Distribution distribution)
    {
        var problems = new Problems();
        distribution.Check(problems);
        return problems.Any;
    }

    private static double? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? double.Parse(value.GetString()!, CultureInfo.InvariantCulture) : null;

    private static void Compare(string what, double expected, double actual, double relative, double absolute, List<string> misses)
    {
        if (expected == actual || Math.Abs(actual - expected) <= relative * Math.Abs(expected) + absolute) return;
        misses.Add($"{what}: {expected:R}, was {actual:R} (off by {(actual - expected) / expected:G3})");
    }
}
