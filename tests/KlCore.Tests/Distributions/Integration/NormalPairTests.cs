using KlCore.Distributions;
using KlCore.Divergences;

namespace KlCore.Tests.Distributions.Integration;

/// <summary>Every measure between two normals by quadrature against formulas written out here.</summary>
public class NormalPairTests
{
    private static readonly (double Mean, double Deviation, double OtherMean, double OtherDeviation)[] Pairs =
    [
        (0, 1, 0, 1), (0, 1, 1, 2), (0, 2, 1, 1), (0, 1, 1e-6, 1), (3, 1, 3, 1 + 1e-7), (0, 1e-200, 0, 1), (1000, 1e-3, 0, 1), (0, 1, 1000, 1),
        (1e6, 1e-6, 1e6, 2e-6), (-5, 0.1, 5, 0.1), (0, 1e150, 1e150, 3e150), (1, 1, -1, 30),
    ];

    public static TheoryData<double, double, double, double> Cases
    {
        get
        {
            var data = new TheoryData<double, double, double, double>();
            foreach (var (mean, deviation, otherMean, otherDeviation) in Pairs)
            {
                data.Add(mean, deviation, otherMean, otherDeviation);
                if ((mean, deviation) != (otherMean, otherDeviation)) data.Add(otherMean, otherDeviation, mean, deviation);
            }

            return data;
        }
    }

    // KL = ln(t/s) + (s^2 + d^2)/(2 t^2) - 1/2, in the order that keeps digits of near-equal pairs.
    [Theory]
    [MemberData(nameof(Cases))]
    public void KullbackLeibler_IsTheFormula_WithinItsBound(double m, double s, double n, double t)
    {
        var (r, z) = (s / t, (m - n) / t);
        var expected = (Math.Abs(r - 1) < 1e-3 ? SmallExcess(r - 1) : 0.5 * (r * r - 1) - Math.Log(r)) + 0.5 * z * z;
        AssertWithin(expected, Measure(m, s, n, t, new KullbackLeibler()), 1e-13);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Bhattacharyya_IsTheFormula_WithinItsBound(double m, double s, double n, double t)
    {
        var (u, v) = (s / Math.Max(s, t), t / Math.Max(s, t));
        var z = (m - n) / Math.Max(s, t);
        var expected = 0.25 * z * z / (u * u + v * v) + 0.5 * LogOfOneAnd((u - v) / u * ((u - v) / v) / 2);
        AssertWithin(expected, Measure(m, s, n, t, new Bhattacharyya()), 2e-16);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Wasserstein_OfOrderTwo_IsTheFormula_WithinItsBound(double m, double s, double n, double t)
    {
        if (Math.Max(s, t) > 1e100) return;
        AssertWithin(Math.Sqrt((m - n) * (m - n) + (s - t) * (s - t)), Measure(m, s, n, t, new Wasserstein { Order = 2 }), 1e-13);
    }

    [Fact]
    public void Renyi_OfLargeOrder_HasItsPeakWhereNeitherDensityHas()
    {
        // Equal deviations: order d^2 / (2 s^2), with the integrand's peak at -9 for orders of 10.
        AssertWithin(5, Measure(0, 1, 1, 1, new Renyi { Order = 10 }), 1e-13);
        AssertWithin(5e6 / 2, Measure(0, 1, 100, 1, new Renyi { Order = 500 }), 1e-13);
    }

    [Fact]
    public void Renyi_WhereTheIntegralDoesNotExist_IsInfinite()
    {
        // a t^2 - (a - 1) s^2 = 0 at order 4/3 for deviations 2 and 1.
        Assert.Equal(double.PositiveInfinity, Measure(0, 2, 0, 1, new Renyi { Order = 1.4 }).Value);
        Assert.True(double.IsFinite(Measure(0, 2, 0, 1, new Renyi { Order = 1.3 }).Value));
        Assert.Equal(double.PositiveInfinity, Measure(0, 2, 0, 1, new KlCore.Divergences.ChiSquared()).Value);
        Assert.Equal(double.PositiveInfinity, Measure(0, 2, 0, 1, new Renyi { Order = double.PositiveInfinity }).Value);
        Assert.Equal(double.PositiveInfinity, Measure(0, 1, 1e-10, 1, new Renyi { Order = double.PositiveInfinity }).Value);
    }

    // ln(2) + d^2 / (2 (t^2 - s^2)) where the ratio is largest.
    [Fact]
    public void Renyi_OfInfiniteOrder_IsTheLargestLogarithmOfTheRatio() =>
        AssertWithin(Math.Log(2) + 1.0 / 6, Measure(0, 1, 1, 2, new Renyi { Order = double.PositiveInfinity }), 1e-13);

    // Equal deviations: TV = 2 Phi(d/2) - 1 = KS, W_1 = d, and erf(1/sqrt 8) for d = 1.
    [Fact]
    public void DistancesOfShiftedNormals_AreTheirFormulas()
    {
        const double variation = 0.382924922548026;
        AssertWithin(variation, Measure(0, 1, 1, 1, new TotalVariation()), 1e-14);
        AssertWithin(variation, Measure(0, 1, 1, 1, new KolmogorovSmirnov()), 1e-14);
        AssertWithin(1, Measure(0, 1, 1, 1, new Wasserstein()), 1e-14);
    }

    [Fact]
    public void AllMeasures_OfTheSameDistribution_AreZero_ButForCrossEntropy()
    {
        foreach (var measure in Measures.Everything.Where(measure => measure is not CrossEntropy))
        {
            var measured = Measure(2, 3, 2, 3, measure);
            Assert.InRange(measured.Value, 0, 1e-12);
        }

        AssertWithin(0.5 * Math.Log(2 * Math.PI * Math.E * 9), Measure(2, 3, 2, 3, new CrossEntropy()), 1e-13);
    }

    private static double LogOfOneAnd(double x) => x < 1e-6 ? x - x * x / 2 : Math.Log(1 + x);

    private static double SmallExcess(double e) => e * e * (1 - e / 3 + e * e / 4);

    private static Measurement Measure(double m, double s, double n, double t, Divergence measure) =>
        Measures.Between(new Normal { Mean = m, StandardDeviation = s }, new Normal { Mean = n, StandardDeviation = t }, measure, Approach.Quadrature);

    private static void AssertWithin(double expected, Measurement measured, double slack)
    {
        if (double.IsInfinity(expected) || double.IsInfinity(measured.Value))
        {
            // 5e399 is beyond a double.
            Assert.True(double.IsInfinity(measured.Value) && expected > 1e300, $"{measured.Value} for {expected}");
            return;
        }

        Assert.InRange(measured.Value, expected - measured.ErrorBound!.Value - slack * expected, expected + measured.ErrorBound.Value + slack * expected);
    }
}
