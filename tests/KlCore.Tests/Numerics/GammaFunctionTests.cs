using System.Text.Json;
using KlCore.Numerics;

namespace KlCore.Tests.Numerics;

/// <summary>ln Gamma and its derivatives against SciPy (Reference/topics.py).</summary>
public class GammaFunctionTests
{
    [Fact]
    public void GammaFunctions_AtAllPoints_AgreeWithSciPy()
    {
        foreach (var point in Points())
        {
            var x = point.GetProperty("x").GetDouble();
            Near(point.GetProperty("logGamma").GetDouble(), GammaFunctions.LogGamma(x), 1e-14, x);
            Near(point.GetProperty("digamma").GetDouble(), GammaFunctions.Digamma(x), 1e-14, x);
            Near(point.GetProperty("trigamma").GetDouble(), GammaFunctions.Trigamma(x), 1e-14, x);
        }
    }

    [Fact]
    public void ExpDigamma_OverElevenDecades_IsGoodToAFloat()
    {
        // Where psi is -100 its sixth digit is in the seventh of the value.
        for (var exponent = -2.0; exponent < 9; exponent += 0.013)
        {
            var x = (float)Math.Pow(10, exponent);
            var digamma = GammaFunctions.Digamma(x);
            if (digamma < -85) continue;
            var tolerance = 2e-6 + 1e-7 * Math.Max(0, -digamma);
            Near<FloatLanes32>(x, Math.Exp(digamma), tolerance);
            if (FloatLanes256.IsSupported) Near<FloatLanes256>(x, Math.Exp(digamma), tolerance);
            if (FloatLanes512.IsSupported) Near<FloatLanes512>(x, Math.Exp(digamma), tolerance);
        }
    }

    [Fact]
    public void ExpDigamma_OfTinyNumbers_IsZero()
    {
        foreach (var x in new[] { 1e-6f, 1e-4f, 0.005f })
        {
            Near<FloatLanes32>(x, 0, 1e-30);
            if (FloatLanes256.IsSupported) Near<FloatLanes256>(x, 0, 1e-30);
            if (FloatLanes512.IsSupported) Near<FloatLanes512>(x, 0, 1e-30);
        }
    }

    private static void Near<T>(float x, double expected, double tolerance) where T : struct, IFloatLanes<T>
    {
        var values = ExpDigamma.Of(T.All(x));
        foreach (var value in new[] { values.Largest(), values.Sum() / T.Count })
            Assert.True(Math.Abs(value - expected) <= tolerance * Math.Max(expected, 1e-6), $"{x:R}: {value:R}, not {expected:R}");
    }

    private static void Near(double expected, double actual, double tolerance, double x) =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Max(1, Math.Abs(expected)), $"{x:R}: {actual:R}, not {expected:R}");

    private static JsonElement.ArrayEnumerator Points() =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Reference", "topics.json"))).RootElement.GetProperty("functions").EnumerateArray();
}
