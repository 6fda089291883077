using KlCore.Distributions;
using KlCore.Divergences;

namespace KlCore.Tests.Distributions.Integration;

/// <summary>Mixtures of Gaussians: exact in one and two dimensions, with Hershey and Olsen's approximations beside, and Monte Carlo above.</summary>
public class MixtureMeasureTests
{
    private static readonly GaussianMixture TwoPeaks = new() { Weights = [0.5, 0.5], Means = new Points([-3.0, 3]), StandardDeviations = [1, 1] };

    private static readonly GaussianMixture Three = new() { Weights = [0.2, 0.5, 0.3], Means = new Points([-4.0, 0, 5]), StandardDeviations = [0.5, 2, 1] };

    private static readonly GaussianMixture InThePlane = new()
    {
        Weights = [0.3, 0.7],
        Means = new Points([[0.0, 1], [3, -1]]),
        Covariances = [[[1, 0.5], [0.5, 2]], [[0.3, 0], [0, 0.4]]],
    };

    // Trapezoidal sums of a smooth integrand that dies out on both sides are exact to rounding.
    [Fact]
    public void OnALine_KullbackLeibler_IsThatOfATrapezoidalSum()
    {
        var sum = 0.0;
        var grid = new Points(Enumerable.Range(-80_000, 160_001).Select(i => i / 1000.0));
        var (logP, logQ) = (TwoPeaks.LogDensities(grid), Three.LogDensities(grid));
        for (var i = 0; i < logP.Length; i++) sum += Math.Exp(logP[i]) * (logP[i] - logQ[i]) / 1000;
        var measured = Measures.Between(TwoPeaks, Three, new KullbackLeibler());
        Assert.Equal(Method.Quadrature, measured.Method);
        Assert.InRange(measured.Value, sum - 1e-12 - measured.ErrorBound!.Value, sum + 1e-12 + measured.ErrorBound.Value);
        Assert.True(measured.ErrorBound < 1e-11);
    }

    [Fact]
    public void WithManyNarrowComponentsFarApart_NoneIsMissed()
    {
        double[] means = [-1e6, -10, 0, 1e-3, 7, 1e9];
        var p = new GaussianMixture { Weights = [0.1, 0.2, 0.3, 0.1, 0.1, 0.2], Means = new Points(means), StandardDeviations = [1e-2, 1, 1e-6, 1e-8, 3, 1e3] };
        // Twice as wide each: far apart components add up, and the near ones hardly overlap.
        var q = p with { StandardDeviations = [2e-2, 2, 2e-6, 2e-8, 6, 2e3] };
        var measured = Measures.Between(p, q, new KullbackLeibler());
        Assert.Equal(Math.Log(2) - 3.0 / 8, measured.Value, 5e-3);
        Assert.True(measured.ErrorBound < 1e-6);
    }

    [Fact]
    public void InThePlane_OfSingleNormals_TheCubatureIsTheFormula()
    {
        var p = new MultivariateNormal { Mean = [0, 0], Covariance = [[1, 0.9], [0.9, 1]] };
        var q = new MultivariateNormal { Mean = [1, -1], Covariance = [[2, 0], [0, 0.5]] };
        var measured = Measures.Between(p, q, new KullbackLeibler(), Approach.Quadrature);
        // (tr(Q^-1 P) - 2 + d^T Q^-1 d + ln(det Q/det P))/2 = (0.5 + 2 - 2 + 0.5 + 2 - ln 0.19)/2.
        var expected = (3 - Math.Log(0.19)) / 2;
        Assert.InRange(measured.Value, expected - measured.ErrorBound!.Value, expected + measured.ErrorBound.Value);
        Assert.True(measured.ErrorBound < 1e-9);
    }

    [Fact]
    public void InThePlane_AProductOfMixtures_AddsUp()
    {
        var p = Product([-3, 3], [1, 1]);
        var q = Product([-2, 2], [1.5, 1.5]);
        var alone = Measures.Between(
            new GaussianMixture { Weights = [0.5, 0.5], Means = new Points([-3.0, 3]), StandardDeviations = [1, 1] },
            new GaussianMixture { Weights = [0.5, 0.5], Means = new Points([-2.0, 2]), StandardDeviations = [1.5, 1.5] }, new KullbackLeibler()).Value;
        var measured = Measures.Between(p, q, new KullbackLeibler());
        Assert.Equal(Method.Quadrature, measured.Method);
        Assert.InRange(measured.Value, 2 * alone - measured.ErrorBound!.Value - 1e-12, 2 * alone + measured.ErrorBound.Value + 1e-12);
    }

    [Fact]
    public void InThePlane_JensenShannonAndTotalVariation_AgreeWithMonteCarlo()
    {
        var q = new MultivariateNormal { Mean = [1, 0], Covariance = [[4, 0], [0, 3]] };
        foreach (var measure in new Divergence[] { new JensenShannon(), new KullbackLeibler(), new Hellinger() })
        {
            var exact = Measures.Between(InThePlane, q, measure, Approach.Quadrature);
            var drawn = Measures.Between(InThePlane, q, measure, Approach.MonteCarlo);
            Assert.InRange(drawn.Value, exact.Value - 4.5 * drawn.StandardError!.Value, exact.Value + 4.5 * drawn.StandardError.Value);
        }
    }

    [Fact]
    public void InThreeDimensions_ItIsMonteCarlo()
    {
        var p = new GaussianMixture { Weights = [0.5, 0.5], Means = new Points([[0.0, 0, 0], [3, 3, 3]]), StandardDeviations = [1, 1] };
        var q = new MultivariateNormal { Mean = [1, 1, 1], Covariance = [[4, 0, 0], [0, 4, 0], [0, 0, 4]] };
        var measured = Measures.Between(p, q, new KullbackLeibler());
        Assert.Equal(Method.MonteCarlo, measured.Method);
        Assert.True(measured.StandardError > 0);
        Assert.Equal(measured.Value, Measures.Between(p, q, new KullbackLeibler()).Value);
    }

    [Fact]
    public void Approximations_OfSingleNormals_AreTheDivergence_AndTheUpperBoundIsAbove()
    {
        var one = new GaussianMixture { Weights = [1], Means = new Points([1.0]), StandardDeviations = [1] };
        var same = new GaussianMixture { Weights = [0.5, 0.5], Means = new Points([0.0, 0]), StandardDeviations = [2, 2] };
        var found = MixtureApproximations.TryOf(DistributionPair.TryFrom(one, same, new Problems())!)!;
        var exact = Math.Log(2) + 2.0 / 8 - 0.5;
        foreach (var value in new[] { found.GaussianApproximation, found.MatchedPair - Math.Log(2), found.UnscentedTransform, found.Variational, found.VariationalUpperBound }) Assert.Equal(exact, value, 1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Approximations_OfMixtures_HaveTheirOrder(int which)
    {
        GaussianMixture[][] pairs = [[TwoPeaks, Three], [InThePlane, new GaussianMixture { Weights = [0.5, 0.5], Means = new Points([[0.0, 0], [3, 0]]), StandardDeviations = [1, 2] }]];
        var pair = DistributionPair.TryFrom(pairs[which][0], pairs[which][1], new Problems())!;
        var exact = pair.Measure(new KullbackLeibler(), new MeasureOptions()).Value;
        var found = MixtureApproximations.TryOf(pair)!;
        Assert.True(found.VariationalUpperBound >= exact, $"{found} for {exact}");
        Assert.InRange(found.Variational, exact - 1, exact + 1);
    }

    private static GaussianMixture Product(double[] means, double[] deviations) => new()
    {
        Weights = [0.25, 0.25, 0.25, 0.25],
        Means = new Points([[means[0], means[0]], [means[0], means[1]], [means[1], means[0]], [means[1], means[1]]]),
        Covariances = [.. from a in deviations from b in deviations select new double[][] { [a * a, 0], [0, b * b] }],
    };
}
