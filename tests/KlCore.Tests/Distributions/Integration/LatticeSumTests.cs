using KlCore.Distributions;
using KlCore.Divergences;

namespace KlCore.Tests.Distributions.Integration;

/// <summary>Sums over integers: few, very many, and those with the tail of a power.</summary>
public class LatticeSumTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(1e3, 1.1e3)]
    [InlineData(1e15, 1000000067108864)]
    [InlineData(1e-12, 1e-3)]
    public void Poisson_KullbackLeiblerAndRenyi_AreTheirFormulas(double a, double b)
    {
        var (p, q) = (new Poisson { Rate = a }, new Poisson { Rate = b });
        // a ln(a/b) - a + b, near a = b by its series.
        var r = (b - a) / a;
        var expected = Math.Abs(r) < 1e-6 ? a * r * r * (0.5 - r / 3) : a * Math.Log(a / b) - a + b;
        AssertWithin(expected, Measures.Between(p, q, new KullbackLeibler(), Approach.Quadrature), 1e-12);
        var difference = Math.Sqrt(a) - Math.Sqrt(b);
        if (Math.Abs(r) > 1e-6) AssertWithin(difference * difference / 2, Measures.Between(p, q, new Bhattacharyya(), Approach.Quadrature), 1e-12);
    }

    // The chi-squared divergence of Poissons is e^((a - b)^2/b) - 1; its terms peak at a^2/b, where neither has probability.
    [Fact]
    public void Poisson_OfALargeOrder_HasItsPeakFarOut()
    {
        var (p, q) = (new Poisson { Rate = 100 }, new Poisson { Rate = 1 });
        AssertWithin(100 * 100.0 - 2 * 100 + 1, Measures.Between(p, q, new Renyi { Order = 2 }, Approach.Quadrature), 1e-12);
    }

    // For exponents s and t: (t - s) E ln x + ln zeta(t)/zeta(s), from the values of zeta and its derivative.
    [Fact]
    public void Zeta_KullbackLeibler_IsItsFormula()
    {
        var measured = Measures.Between(new Zeta { Exponent = 2 }, new Zeta { Exponent = 4 }, new KullbackLeibler(), Approach.Quadrature);
        var (two, four, slope) = (Math.PI * Math.PI / 6, Math.Pow(Math.PI, 4) / 90, -0.93754825431584375370257409456786);
        AssertWithin(2 * -slope / two + Math.Log(four / two), measured, 1e-13);
    }

    // Against a light tail: E k ln k is finite for exponents above 2, and its terms fall as slowly as k^-1.5 ln k.
    [Fact]
    public void Zeta_AgainstPoisson_IsSeenToTheEndOfItsTail()
    {
        var measured = Measures.Between(new Zeta { Exponent = 2.5 }, new Geometric { Probability = 0.5 }, new KullbackLeibler(), Approach.Quadrature);
        // E x = zeta(1.5)/zeta(2.5); -E ln q = (E x + 1) ln 2; the entropy is 2.5 E ln x + ln zeta(2.5).
        const double zeta = 1.3414872572509171798, mean = 2.6123753486854883433 / zeta, slope = -0.38734195032621;
        var entropy = 2.5 * -slope / zeta + Math.Log(zeta);
        AssertWithin((mean + 1) * Math.Log(2) - entropy, measured, 1e-9);
        Assert.True(measured.ErrorBound < 1e-6);
        Assert.Equal(double.PositiveInfinity, Measures.Between(new Zeta { Exponent = 2 }, new Geometric { Probability = 0.5 }, new KullbackLeibler()).Value);
    }

    [Fact]
    public void SupportsThatDiffer_AreInfinite_OrCountAsTheyShould()
    {
        var (narrow, wide) = (new DiscreteUniform { Lower = 0, Upper = 3 }, new DiscreteUniform { Lower = 0, Upper = 7 });
        Assert.Equal(double.PositiveInfinity, Measures.Between(wide, narrow, new KullbackLeibler()).Value);
        AssertWithin(Math.Log(2), Measures.Between(narrow, wide, new KullbackLeibler(), Approach.Quadrature), 1e-14);
        AssertWithin(Math.Log(2), Measures.Between(narrow, wide, new Renyi { Order = 0 }, Approach.Quadrature), 1e-14);
        AssertWithin(0.5, Measures.Between(narrow, wide, new TotalVariation(), Approach.Quadrature), 1e-14);
        AssertWithin(2, Measures.Between(narrow, wide, new Wasserstein(), Approach.Quadrature), 1e-13);
        // Quantiles apart by floor(i/2 + 1/2)... : 0 1 1 2 2 3 3 4 over eighths.
        AssertWithin(Math.Sqrt((0 + 1 + 1 + 4 + 4 + 9 + 9 + 16) / 8.0), Measures.Between(narrow, wide, new Wasserstein { Order = 2 }, Approach.Quadrature), 1e-13);
    }

    [Fact]
    public void DiscreteAgainstContinuous_IsRefused() => Assert.Equal(
        "discrete-against-continuous",
        Assert.Throws<NotComputableException>(() => Measures.Between(new Poisson { Rate = 1 }, new Normal { Mean = 0, StandardDeviation = 1 }, new KullbackLeibler())).Code);

    [Fact]
    public void WithoutAClosedForm_TheRefusalNamesThoseThereAre()
    {
        var refusal = Assert.Throws<NotComputableException>(() => Measures.Between(new Poisson { Rate = 1 }, new Geometric { Probability = 0.5 }, new KullbackLeibler(), Approach.ClosedForm));
        Assert.Equal("no-closed-form", refusal.Code);
        Assert.Contains("poisson", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("no-monte-carlo", Assert.Throws<NotComputableException>(() => Measures.Between(new Poisson { Rate = 1 }, new Poisson { Rate = 2 }, new Wasserstein(), Approach.MonteCarlo)).Code);
        Assert.Equal("no-density-form", Assert.Throws<NotComputableException>(() => Measures.Between(new Poisson { Rate = 1 }, new Poisson { Rate = 2 }, new Sinkhorn { Regularization = 1 })).Code);
    }

    private static void AssertWithin(double expected, Measurement measured, double slack) =>
        Assert.InRange(measured.Value, expected - measured.ErrorBound!.Value - slack * Math.Abs(expected), expected + measured.ErrorBound.Value + slack * Math.Abs(expected));
}
