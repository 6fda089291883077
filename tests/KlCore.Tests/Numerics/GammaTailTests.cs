using System.Globalization;
using System.Text.Json;
using KlCore.Numerics;

namespace KlCore.Tests.Numerics;

/// <summary>ln Gamma, its Bregman divergence and the incomplete gamma functions against values of many digits (Reference/special.py).</summary>
public class GammaTailTests
{
    private static readonly JsonElement Data = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Reference", "special.json"))).RootElement;

    [Fact]
    public void LogGamma_NearItsZerosToo_HasItsDigits() => Check("logGamma", 6e-16, e => GammaFunctions.LogGamma(Number(e, "x")), "value");

    [Fact]
    public void Bregman_NearEqualAndFarApart_HasItsDigits() => Check("bregman", 3e-15, e => LogGammaBregman.Of(Number(e, "b"), Number(e, "a")), "value");

    [Fact]
    public void Bregman_OfEqual_IsZero() => Assert.All(new[] { 1e-300, 0.5, 1, 13, 1e15 }, a => Assert.Equal(0, LogGammaBregman.Of(a, a)));

    // A logarithm has its digits, and so its exponential those that rounding the logarithm leaves.
    [Fact]
    public void IncompleteGamma_InItsTails_HasItsDigits()
    {
        Check("incompleteGamma", 2e-15, e => IncompleteGamma.Lower(Number(e, "a"), Number(e, "x")), "lower");
        Check("incompleteGamma", 2e-15, e => IncompleteGamma.Upper(Number(e, "a"), Number(e, "x")), "upper");
        Check("incompleteGamma", 2e-15, e => IncompleteGamma.LogLower(Number(e, "a"), Number(e, "x")), "logLower");
        Check("incompleteGamma", 2e-15, e => IncompleteGamma.LogUpper(Number(e, "a"), Number(e, "x")), "logUpper");
    }

    private static void Check(string list, double tolerance, Func<JsonElement, double> found, string field)
    {
        var misses = new List<string>();
        foreach (var entry in Data.GetProperty(list).EnumerateArray())
        {
            var expected = double.Parse(entry.GetProperty(field).GetString()!, CultureInfo.InvariantCulture);
            var actual = found(entry);
            var error = Math.Abs(actual - expected) / Math.Abs(expected) / (list == "incompleteGamma" ? Math.Max(2, -Math.Log(Math.Abs(expected))) : 1);
            if (!(error <= tolerance) && expected != actual) misses.Add($"{entry}: {actual:R}, off by {error:g2}");
        }

        Assert.True(misses.Count == 0, string.Join(Environment.NewLine, misses));
    }

    private static double Number(JsonElement entry, string name) => entry.GetProperty(name).GetDouble();
}
