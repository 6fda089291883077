using KlCore.Distributions;
using KlCore.Divergences;
using Triangular = KlCore.Distributions.Triangular;

namespace KlCore.Tests.Distributions.Integration;

/// <summary>Where numbers on the way leave the range of a double though the result does not. Expected values by mpmath at 30 digits.</summary>
public class RangeOfDoubleTests
{
    public static TheoryData<Distribution, Distribution, double> HeavyTails => new()
    {
        { new HalfCauchy { Scale = 3 }, new Cauchy { Location = 0.25, Scale = 0.5 }, 1.2207056097965353383 },
        { new Levy { Scale = 1.25 }, new StudentT { DegreesOfFreedom = 8, Location = 1, Scale = 0.5 }, 9.1770440436310771201 },
        { new Pareto { Scale = 0.5, Shape = 0.75 }, new StudentT { DegreesOfFreedom = 10, Location = 1.5, Scale = 0.75 }, 3.264192567376854411 },
    };

    public static TheoryData<Univariate, double, double> FarOut => new()
    {
        { new Cauchy { Location = 0.25, Scale = 0.5 }, 1.7e308, -1421.2915508528658276 },
        { new Cauchy { Location = 0.25, Scale = 0.5 }, -1.7e308, -1421.2915508528658276 },
        { new StudentT { DegreesOfFreedom = 0.5, Location = 0, Scale = 0.25 }, 1.7e308, -1067.1137958317337754 },
        { new Triangular { Lower = 0, Mode = 1e200, Upper = 2e200 }, 1e-200, -1381.5510557964274104 },
    };

    [Theory]
    [MemberData(nameof(HeavyTails))]
    public void Divergence_UnderAHeavyTail_IsRightAndTightlyBounded(Distribution p, Distribution q, double expected)
    {
        var found = Measures.Between(p, q, new KullbackLeibler());
        Assert.InRange(found.ErrorBound!.Value, 0, 1e-11);
        Assert.InRange(Math.Abs(found.Value - expected), 0, found.ErrorBound.Value);
    }

    [Theory]
    [MemberData(nameof(FarOut))]
    public void LogDensity_WhereTheStandardisedPointIsNoDouble_IsThatOfItsTail(Univariate distribution, double x, double expected) =>
        Assert.Equal(expected, distribution.LogDensity(x), 1e-12 * Math.Abs(expected));

    [Theory]
    [InlineData(1e-200)]
    [InlineData(1e200)]
    public void SecondWasserstein_OfSquaresBeyondTheRange_ScalesWithX(double scale)
    {
        var expected = scale * Measures.Between(new Normal { Mean = 0, StandardDeviation = 1 }, new Laplace { Location = 0, Scale = 1 }, new Wasserstein { Order = 2 }).Value;
        var found = Measures.Between(new Normal { Mean = 0, StandardDeviation = scale }, new Laplace { Location = 0, Scale = scale }, new Wasserstein { Order = 2 });
        Assert.Equal(expected, found.Value, 1e-9 * expected);
        Assert.InRange(found.ErrorBound!.Value, 0, 1e-9 * expected);
    }

    // E x^2 of Weibull's law is s^2 Gamma(1 + 2/k); against (nearly) a point at 0 the distance is its root.
    [Fact]
    public void SecondWasserstein_OfAWeibullWithHugeMoments_IsTheirRoot()
    {
        var found = Measures.Between(new Weibull { Shape = 0.02, Scale = 1 }, new Uniform { Lower = 0, Upper = 1e-10 }, new Wasserstein { Order = 2 });
        var expected = Math.Exp(0.5 * Enumerable.Range(1, 100).Sum(i => Math.Log(i)));
        Assert.Equal(expected, found.Value, 1e-9 * expected);
    }

    [Fact]
    public void SecondWasserstein_OfQuantilesBeyondTheRange_IsRefusedAndNotANumber()
    {
        var refusal = Assert.Throws<NotComputableException>(() => Measures.Between(new LogNormal { Location = 300, Scale = 1000 }, new Uniform { Lower = 0, Upper = 1 }, new Wasserstein { Order = 2 }));
        Assert.Equal("not-resolved", refusal.Code);
    }
}
