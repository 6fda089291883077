using KlCore.Distributions;
using KlCore.Numerics;

namespace KlCore.Tests.Distributions;

/// <summary>The Gaussian families against their densities written out, and their draws against their moments.</summary>
public class FamilyTests
{
    private static readonly MultivariateNormal Plane = new() { Mean = [1, -2], Covariance = [[2, 0.6], [0.6, 0.5]] };

    private static readonly GaussianMixture Mixture = new()
    {
        Weights = [0.25, 0.75],
        Means = new Points([[0.0, 1], [3, -1]]),
        Covariances = [[[1, 0.5], [0.5, 2]], [[0.3, 0], [0, 0.4]]],
    };

    public static TheoryData<Distribution> All =>
    [
        new Normal { Mean = -1.5, StandardDeviation = 0.2 },
        Plane,
        new GaussianMixture { Weights = [0.2, 0.8], Means = new Points([-1.0, 4]), StandardDeviations = [0.5, 2] },
        new GaussianMixture { Weights = [0.2, 0.8], Means = new Points([[-1.0, 0], [4, 1]]), StandardDeviations = [0.5, 2] },
        Mixture,
    ];

    [Fact]
    public void Normal_LogDensity_IsTheFormula()
    {
        var logs = new Normal { Mean = 1, StandardDeviation = 2 }.LogDensities(new Points([1.0, 3, -99]));
        var peak = -Math.Log(2 * Math.Sqrt(2 * Math.PI));
        Assert.Equal([peak, peak - 0.5, peak - 1250], logs, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    // The inverse of [[2, 0.6], [0.6, 0.5]] is [[0.5, −0.6], [−0.6, 2]] / 0.64.
    [Fact]
    public void MultivariateNormal_LogDensity_IsTheFormula()
    {
        var (x, y) = (0.3 - 1, 0.4 + 2);
        var expected = -0.5 * (0.5 * x * x - 1.2 * x * y + 2 * y * y) / 0.64 - Math.Log(2 * Math.PI) - 0.5 * Math.Log(0.64);
        Assert.Equal(expected, Plane.LogDensities(new Points([[0.3, 0.4]]))[0], 1e-13);
    }

    [Fact]
    public void Mixture_LogDensity_FarFromAllComponents_IsTheNearestOnes()
    {
        var mixture = new GaussianMixture { Weights = [0.5, 0.5], Means = new Points([0.0, 1]), StandardDeviations = [1, 1] };
        var log = mixture.LogDensities(new Points([1e4]))[0];
        Assert.Equal(Math.Log(0.5) - 0.5 * Math.Log(2 * Math.PI) - 0.5 * 9999.0 * 9999, log, 1e-6);
    }

    [Fact]
    public void Mixture_WithAWeightOfZero_IsTheRest()
    {
        var mixture = new GaussianMixture { Weights = [0, 1], Means = new Points([50.0, 0]), StandardDeviations = [1, 1] };
        Assert.Equal(new Normal { Mean = 0, StandardDeviation = 1 }.LogDensities(new Points([0.5, 50])), mixture.LogDensities(new Points([0.5, 50])));
        Assert.All(mixture.Sample(1000, new RandomStream(1, 0, "test")).Coordinates.ToArray(), x => Assert.InRange(x, -6, 6));
    }

    // 200 000 draws; five standard errors, the fourth moment of a Gaussian's coordinates being at most three times the variances' product.
    [Theory]
    [MemberData(nameof(All))]
    public void Sample_HasTheMoments(Distribution distribution)
    {
        const int count = 200_000;
        var draws = distribution.Sample(count, new RandomStream(11, 0, "moments"));
        var moments = distribution.Moments()!;
        for (var i = 0; i < distribution.Dimension(); i++)
        {
            var mean = Enumerable.Range(0, count).Average(k => draws[k][i]);
            Assert.Equal(moments.Mean[i], mean, 5 * Math.Sqrt(moments.Covariance[i][i] / count));
            for (var j = 0; j <= i; j++)
            {
                var covariance = Enumerable.Range(0, count).Average(k => (draws[k][i] - moments.Mean[i]) * (draws[k][j] - moments.Mean[j]));
                Assert.Equal(moments.Covariance[i][j], covariance, 5 * Math.Sqrt(3 * moments.Covariance[i][i] * moments.Covariance[j][j] / count));
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void LogDensity_IntegratesToOne(Distribution distribution)
    {
        // Over draws of a wide normal r: the mean of p/r is 1.
        const int count = 100_000;
        var d = distribution.Dimension();
        var wide = new MultivariateNormal { Mean = new double[d], Covariance = [.. Enumerable.Range(0, d).Select(i => Enumerable.Range(0, d).Select(j => i == j ? 25.0 : 0).ToArray())] };
        var points = wide.Sample(count, new RandomStream(5, 0, "wide"));
        var ratios = distribution.LogDensities(points).Zip(wide.LogDensities(points), (p, r) => Math.Exp(p - r)).ToArray();
        var mean = ratios.Average();
        Assert.Equal(1, mean, 5 * Math.Sqrt(ratios.Average(ratio => (ratio - mean) * (ratio - mean)) / count));
    }

    [Fact]
    public void Sample_OfOneAddress_IsAlwaysTheSame() => Assert.Equal(
        Mixture.Sample(10, new RandomStream(3, 4, "x")).Coordinates.ToArray(),
        Mixture.Sample(10, new RandomStream(3, 4, "x")).Coordinates.ToArray());
}
