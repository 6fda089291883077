using System.Globalization;
using System.Text.Json;
using KlCore.Numerics;

namespace KlCore.Tests.Numerics;

/// <summary>Incomplete beta functions and scaled Bessel functions against mpmath (Reference/beta.py).</summary>
public class IncompleteBetaTests
{
    // A relative error of 1e-16 of x comes back times the derivative of ln I by ln x, which is about |ln I| or the deviations' square at the most.
    [Fact]
    public void Both_AtAllPoints_HaveTheDigitsOfTheirTails()
    {
        var count = 0;
        foreach (var point in Reference("beta"))
        {
            var (a, b) = (point.GetProperty("a").GetDouble(), point.GetProperty("b").GetDouble());
            var (x, y) = point.GetProperty("x").ValueKind == JsonValueKind.Null
                ? (1 - point.GetProperty("y").GetDouble(), point.GetProperty("y").GetDouble())
                : (point.GetProperty("x").GetDouble(), 1 - point.GetProperty("x").GetDouble());
            var (logLower, logUpper) = (Number(point, "logLower"), Number(point, "logUpper"));
            var where = $"a={a:R} b={b:R} x={x:R} y={y:R}";
            var tolerance = 4e-15 * (4 + Math.Min(Math.Max(-logLower, -logUpper), 1e3)) + Sensitivity(a, b, x, y);
            Near(logLower, IncompleteBeta.LogLower(a, b, x, y), tolerance, where + " ln lower");
            Near(logUpper, IncompleteBeta.LogLower(b, a, y, x), tolerance, where + " ln upper");
            Near(Number(point, "lower"), IncompleteBeta.Lower(a, b, x, y), tolerance, where + " lower");
            Near(Number(point, "upper"), IncompleteBeta.Lower(b, a, y, x), tolerance, where + " upper");
            count++;
        }

        Assert.True(count > 300);
    }

    [Fact]
    public void Bessel_AtAllPoints_HasFourteenDigits()
    {
        foreach (var point in Reference("bessel"))
        {
            var k = point.GetProperty("k").GetDouble();
            Near(Number(point, "zero"), ScaledBessel.Zero(k), 1e-14, $"I0 {k:R}");
            Near(Number(point, "one"), ScaledBessel.One(k), 1e-14, $"I1 {k:R}");
            Near(Number(point, "ratio"), ScaledBessel.Ratio(k), 1e-14, $"ratio {k:R}");
            Near(Number(point, "slope"), ScaledBessel.RatioSlope(k), 1e-13, $"slope {k:R}");
        }
    }

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(1.0, 1.0)]
    public void Lower_AtTheEnds_IsExact(double x, double expected)
    {
        foreach (var a in new[] { 1e-8, 1, 1e10 })
        {
            foreach (var b in new[] { 1e-8, 1, 1e10 })
            {
                Assert.Equal(expected, IncompleteBeta.Lower(a, b, x));
                Assert.Equal(1 - expected, IncompleteBeta.Upper(a, b, x));
            }
        }
    }

    // d ln(density) / d ln x of either coordinate, times its rounding.
    private static double Sensitivity(double a, double b, double x, double y) => 2e-16 * Math.Abs(a * y - b * x) * (1 / Math.Max(x, y));

    private static double Number(JsonElement point, string name) => double.Parse(point.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    private static void Near(double expected, double actual, double tolerance, string where) =>
        Assert.True(expected == actual || Math.Abs(actual - expected) <= tolerance * Math.Abs(expected) + 1e-307, $"{where}: {actual:R}, not {expected:R}, off by {(actual - expected) / expected:G3} where {tolerance:G3} is allowed");

    private static JsonElement.ArrayEnumerator Reference(string name) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Reference", "beta.json"))).RootElement.GetProperty(name).EnumerateArray();
}
