using System.Globalization;
using System.Text.Json;
using KlCore.Distributions;
using KlCore.Distributions.ClosedForms;

namespace KlCore.Tests.Distributions;

/// <summary>Distributions of vectors and matrices against values of many digits (Reference/vectors.py).</summary>
public class VectorGoldenTests
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private static readonly JsonElement Golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "vectors.json"))).RootElement;

    public static TheoryData<int> Densities => [.. Enumerable.Range(0, Golden.GetProperty("densities").GetArrayLength())];

    public static TheoryData<int> Pairs => [.. Enumerable.Range(0, Golden.GetProperty("pairs").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Densities))]
    public void Family_DensitiesAndEntropy_AgreeToTwelveDigits(int index)
    {
        var golden = Golden.GetProperty("densities")[index];
        var distribution = golden.GetProperty("distribution").Deserialize<Distribution>(Options)!;
        var misses = new List<string>();
        foreach (var point in golden.GetProperty("points").EnumerateArray())
        {
            double[] x = [.. point.GetProperty("x").EnumerateArray().Select(element => element.GetDouble())];
            Compare($"ln p({point.GetProperty("x").GetRawText()})", Number(point, "logDensity"), distribution.LogDensities(new Points([x]))[0], 1e-12, 1e-12, misses);
        }

        if (golden.TryGetProperty("entropy", out _)) Compare("entropy", Number(golden, "entropy"), distribution.EntropyByFormula()!.Value, 1e-13, 1e-13, misses);
        Assert.True(misses.Count == 0, golden.GetProperty("distribution").GetRawText() + Environment.NewLine + string.Join(Environment.NewLine, misses));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Pair_ClosedForms_AgreeToElevenDigits(int index)
    {
        var golden = Golden.GetProperty("pairs")[index];
        var (p, q) = (golden.GetProperty("p").Deserialize<Distribution>(Options)!, golden.GetProperty("q").Deserialize<Distribution>(Options)!);
        var form = Registry.Find(p.GetType(), q.GetType())!;
        var misses = new List<string>();
        var divergence = form.KullbackLeibler(p, q)!.Value;
        Assert.True(divergence >= 0 && !double.IsNegative(divergence), $"KL was {divergence:R}");
        Compare("forward", Number(golden, "forward"), divergence, 1e-11, 0, misses);
        foreach (var chernoff in golden.GetProperty("chernoff").EnumerateArray())
        {
            var a = chernoff.GetProperty("a").GetDouble();
            // The parameters between p's and q's are rounded to 16 digits: of what differs in the 13th, three are left, whose square counts.
            var expected = Number(chernoff, "value");
            Compare($"ln sum p^{a} q^(1-{a})", expected, form.LogChernoff(p, q, a)!.Value, Math.Abs(expected) < 1e-15 ? 2e-5 : 1e-8, 1e-100, misses);
        }

        Assert.True(misses.Count == 0, $"{golden.GetProperty("p").GetRawText()} and {golden.GetProperty("q").GetRawText()}{Environment.NewLine}{string.Join(Environment.NewLine, misses)}");
    }

    private static double Number(JsonElement element, string name) => double.Parse(element.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    private static void Compare(string what, double expected, double actual, double relative, double absolute, List<string> misses)
    {
        if (expected == actual || Math.Abs(actual - expected) <= relative * Math.Abs(expected) + absolute) return;
        misses.Add($"{what}: {expected:R}, was {actual:R} (off by {(actual - expected) / expected:G3})");
    }
}
