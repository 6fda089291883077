using KlCore.Numerics;

namespace KlCore.Tests.Numerics;

/// <summary>Integrals whose values are known.</summary>
public class GaussKronrodTests
{
    public static TheoryData<string, double, double, double> Known => new()
    {
        { "polynomial of degree 13", -1, 2, (Math.Pow(2, 14) - 1) / 14 },
        { "exponential", 0, 3, Math.Exp(3) - 1 },
        { "square root", 0, 1, 2.0 / 3 },
        { "narrow peak", -10, 10, Math.Sqrt(Math.PI) * 1e-3 },
        { "kink", -1, 2, 2.5 },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void Integrate_IsWithinItsBound(string name, double from, double to, double exact)
    {
        Func<double, double> function = name switch
        {
            "polynomial of degree 13" => x => Math.Pow(x, 13),
            "exponential" => Math.Exp,
            "square root" => Math.Sqrt,
            "narrow peak" => x => Math.Exp(-x * x * 1e6),
            _ => Math.Abs,
        };
        double[] breaks = name == "narrow peak" ? [from, -0.01, 0.01, to] : [from, to];
        var integral = GaussKronrod.Integrate(function, breaks);
        Assert.Equal(exact, integral.Value, integral.ErrorBound);
        Assert.InRange(integral.ErrorBound, 0, 1e-8 * exact);
    }

    [Fact]
    public void Integrate_OfSomethingInfinite_IsInfinite() =>
        Assert.Equal(double.PositiveInfinity, GaussKronrod.Integrate(_ => double.PositiveInfinity, [0, 1]).Value);
}
