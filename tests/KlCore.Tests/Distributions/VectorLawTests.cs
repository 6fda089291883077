using KlCore.Distributions;
using KlCore.Distributions.ClosedForms;
using KlCore.Numerics;

namespace KlCore.Tests.Distributions;

/// <summary>Laws of distributions of vectors and matrices: draws against moments, densities and divergences, each within five of its standard errors.</summary>
public class VectorLawTests
{
    private const int Count = 20_000;

    /// <summary>Distributions, each with another over the same space whose tails are no lighter.</summary>
    public static TheoryData<Distribution, Distribution> Pairs => new()
    {
        { new Dirichlet { Concentration = [2, 3.5, 0.7] }, new Dirichlet { Concentration = [1.5, 2, 0.6] } },
        { new Dirichlet { Concentration = [0.2, 0.3] }, new Dirichlet { Concentration = [0.15, 0.25] } },
        { new Dirichlet { Concentration = [2000, 1000, 3000, 10] }, new Dirichlet { Concentration = [1500, 760, 2250, 9] } },
        { new Wishart { DegreesOfFreedom = 5.5, Scale = [[2, 0.5], [0.5, 1]] }, new Wishart { DegreesOfFreedom = 5, Scale = [[2.4, 0.5], [0.5, 1.2]] } },
        { new Wishart { DegreesOfFreedom = 3.2, Scale = [[1, 0, 0.3], [0, 2, 0], [0.3, 0, 1]] }, new Wishart { DegreesOfFreedom = 3, Scale = [[1.2, 0, 0.3], [0, 2.4, 0], [0.3, 0, 1.2]] } },
        { new Wishart { DegreesOfFreedom = 1, Scale = [[3]] }, new Wishart { DegreesOfFreedom = 0.9, Scale = [[4]] } },
        { new Multinomial { Trials = 6, Probabilities = [0.2, 0.5, 0.3] }, new Multinomial { Trials = 6, Probabilities = [0.25, 0.45, 0.3] } },
        { new Multinomial { Trials = 100_000, Probabilities = [0.2, 0, 0.5, 0.3] }, new Multinomial { Trials = 100_000, Probabilities = [0.2005, 0, 0.4995, 0.3] } },
        { new MultivariateNormal { Mean = [1, -2], Covariance = [[2, 0.6], [0.6, 0.5]] }, new MultivariateNormal { Mean = [1, -1.5], Covariance = [[2.5, 0.6], [0.6, 0.7]] } },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Draws_HaveTheMoments(Distribution distribution, Distribution other)
    {
        Assert.Equal(other.Dimension(), distribution.Dimension());
        var (draws, moments) = (Draws(distribution), distribution.Moments()!);
        for (var i = 0; i < distribution.Dimension(); i++)
        {
            var (at, mean) = (i, moments.Mean[i]);
            AssertMean(mean, k => draws[k][at], $"mean {i}");
            for (var j = 0; j <= i; j++)
            {
                var (with, second) = (j, moments.Mean[j]);
                AssertMean(moments.Covariance[i][j], k => (draws[k][at] - mean) * (draws[k][with] - second), $"covariance {i}, {j}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Density_OverDrawsOfAnother_IntegratesToOne(Distribution distribution, Distribution other)
    {
        var draws = Draws(other);
        var (p, q) = (distribution.LogDensities(draws), other.LogDensities(draws));
        AssertMean(1, k => Math.Exp(p[k] - q[k]), "integral");
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Divergence_ByFormula_IsTheMeanOfTheLogRatio(Distribution distribution, Distribution other)
    {
        var draws = Draws(distribution);
        var (p, q) = (distribution.LogDensities(draws), other.LogDensities(draws));
        var form = Registry.Find(distribution.GetType(), other.GetType())!;
        AssertMean(form.KullbackLeibler(distribution, other)!.Value, k => p[k] - q[k], "divergence");
        AssertMean(Math.Exp(form.LogChernoff(distribution, other, 0.5)!.Value), k => Math.Exp((q[k] - p[k]) / 2), "Bhattacharyya coefficient");
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Entropy_ByFormula_IsTheMeanOfTheLogDensity(Distribution distribution, Distribution other)
    {
        foreach (var one in new[] { distribution, other })
        {
            if (one.EntropyByFormula() is not { } entropy) continue;
            var logs = one.LogDensities(Draws(one));
            AssertMean(entropy, k => -logs[k], "entropy");
        }
    }

    [Fact]
    public void Multinomial_OfAFewTrials_HasMassesThatSumToOne()
    {
        var multinomial = new Multinomial { Trials = 7, Probabilities = [0.5, 0.125, 0.375] };
        var points = from a in Enumerable.Range(0, 8) from b in Enumerable.Range(0, 8 - a) select new double[] { a, b, 7 - a - b };
        Assert.Equal(1, multinomial.LogDensities(new Points([.. points])).Sum(Math.Exp), 1e-14);
        Assert.All(multinomial.LogDensities(new Points([[7.0, 1, 0], [3.5, 3.5, 0], [-1, 8, 0], [7, 0, 1]])), log => Assert.Equal(double.NegativeInfinity, log));
    }

    [Fact]
    public void Multinomial_OfTwoCategories_IsBinomial()
    {
        var (two, binomial) = (new Multinomial { Trials = 40, Probabilities = [0.3, 0.7] }, new Binomial { Trials = 40, Probability = 0.3 });
        foreach (var k in new[] { 0.0, 1, 12, 39, 40 }) Assert.Equal(binomial.LogDensity(k), two.LogDensities(new Points([[k, 40 - k]]))[0], 1e-13);
    }

    [Fact]
    public void Densities_OutsideTheSupport_AreNothing()
    {
        var dirichlet = new Dirichlet { Concentration = [2, 0.5] };
        Assert.Equal([double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity, double.PositiveInfinity], dirichlet.LogDensities(new Points([[0.5, 0.6], [-0.5, 1.5], [0.0, 1], [1.0, 0]])));
        var wishart = new Wishart { DegreesOfFreedom = 3, Scale = [[1, 0], [0, 1]] };
        Assert.All(wishart.LogDensities(new Points([[1.0, 2, 2, 1], [1, 0.5, 0.25, 1], [0, 0, 0, 0], [-1, 0, 0, 1]])), log => Assert.Equal(double.NegativeInfinity, log));
    }

    [Theory]
    [InlineData(1e-8)]
    [InlineData(1e10)]
    [InlineData(1e200)]
    public void Dirichlet_OfExtremeConcentrations_HasDrawsOnTheSimplex(double concentration)
    {
        var draws = new Dirichlet { Concentration = [concentration, concentration, concentration] }.Sample(100, new RandomStream(1, 0, "simplex"));
        for (var k = 0; k < draws.Count; k++) Assert.Equal(1, draws[k][0] + draws[k][1] + draws[k][2], 1e-12);
    }

    private static Points Draws(Distribution distribution) => distribution.Sample(Count, new RandomStream(21, 0, "vectors"));

    private static void AssertMean(double expected, Func<int, double> value, string what)
    {
        var values = Enumerable.Range(0, Count).Select(value).ToArray();
        var mean = values.Average();
        var error = Math.Sqrt(values.Average(x => (x - mean) * (x - mean)) / Count);
        Assert.True(Math.Abs(mean - expected) <= 5 * error + 1e-12 * Math.Abs(expected), $"{what}: {mean:G8} ± {error:G3}, not {expected:G8}");
    }
}
