using KlCore.Distributions;
using KlCore.Numerics;

namespace KlCore.Tests.Distributions;

/// <summary>Laws of every distribution of integers: masses against tails, quantiles against tails, draws against both.</summary>
public class LatticeLawTests
{
    private static readonly Discrete[] NarrowOnes =
    [
        new Bernoulli { Probability = 0.3 }, new Bernoulli { Probability = 0 }, new Bernoulli { Probability = 1 },
        new Binomial { Trials = 12, Probability = 0.35 }, new Binomial { Trials = 200, Probability = 0.9 }, new Binomial { Trials = 300, Probability = 0.4 },
        new Binomial { Trials = 5, Probability = 1 }, new Binomial { Trials = 0, Probability = 0.5 },
        new Geometric { Probability = 0.2 }, new Geometric { Probability = 1 },
        new NegativeBinomial { Successes = 0.3, Probability = 0.2 }, new NegativeBinomial { Successes = 40.5, Probability = 0.5 },
        new Poisson { Rate = 0 }, new Poisson { Rate = 0.7 }, new Poisson { Rate = 9.99 }, new Poisson { Rate = 10 }, new Poisson { Rate = 333 },
        new Categorical { Probabilities = [0, 0.25, 0, 0.5, 0.25, 0] }, new Categorical { Probabilities = [0.1, 0.2, 0.3, 0.4] },
        new DiscreteUniform { Lower = -3, Upper = 8 }, new DiscreteUniform { Lower = 4, Upper = 4 },
        new BetaBinomial { Trials = 20, Alpha = 0.5, Beta = 2 }, new BetaBinomial { Trials = 7, Alpha = 1e-8, Beta = 1e-8 },
        new Hypergeometric { Population = 50, Successes = 20, Draws = 10 }, new Hypergeometric { Population = 900, Successes = 450, Draws = 500 },
        new Hypergeometric { Population = 30, Successes = 25, Draws = 20 }, new Hypergeometric { Population = 0, Successes = 0, Draws = 0 },
        new Zeta { Exponent = 2.5 }, new Zeta { Exponent = 1.2 }, new Zeta { Exponent = 60 },
        new Logarithmic { Probability = 0.2 }, new Logarithmic { Probability = 0.95 },
    ];

    private static readonly Discrete[] WideOnes =
    [
        new Binomial { Trials = 1_000_000_000, Probability = 0.3 }, new Binomial { Trials = (1L << 53) - 1, Probability = 1e-15 }, new Binomial { Trials = 1L << 50, Probability = 0.75 },
        new Geometric { Probability = 1e-12 }, new NegativeBinomial { Successes = 1e9, Probability = 0.5 }, new NegativeBinomial { Successes = 0.01, Probability = 1e-9 },
        new Poisson { Rate = 1e15 }, new DiscreteUniform { Lower = -(1L << 52), Upper = 1L << 52 }, new BetaBinomial { Trials = 1_000_000, Alpha = 3, Beta = 0.5 },
        new Hypergeometric { Population = 1_000_000_000, Successes = 400_000_000, Draws = 3_000_000 }, new Logarithmic { Probability = 1 - 1e-10 }, new Zeta { Exponent = 1.01 },
    ];

    public static TheoryData<Discrete> Narrow => [.. NarrowOnes];

    public static TheoryData<Discrete> All => [.. NarrowOnes, .. WideOnes];

    [Theory]
    [MemberData(nameof(Narrow))]
    public void Tails_OfNeighbours_DifferByTheMass(Discrete distribution)
    {
        foreach (var k in Values(distribution))
        {
            var mass = Math.Exp(distribution.LogDensity(k));
            Assert.Equal(distribution.Cumulative(k - 1) + mass, distribution.Cumulative(k), 4e-15);
            Assert.Equal(distribution.Survival(k) + mass, distribution.Survival(k - 1), 4e-15);
            Assert.Equal(distribution.Cumulative(k), distribution.Cumulative(k + 0.999));
        }

        Assert.Equal(double.NegativeInfinity, distribution.LogDensity(distribution.Support().Lower + 0.5));
        Assert.Equal(double.NegativeInfinity, distribution.LogDensity(distribution.Support().Lower - 1));
    }

    [Theory]
    [MemberData(nameof(Narrow))]
    public void Quantiles_OfTails_AreTheValue(Discrete distribution)
    {
        foreach (var k in Values(distribution).Where(k => distribution.LogDensity(k) > -30))
        {
            // Between the tails of two neighbours, where rounding decides nothing.
            var mass = Math.Exp(distribution.LogDensity(k));
            Assert.Equal(k, distribution.Quantile(distribution.Cumulative(k - 1) + mass / 2));
            Assert.Equal(k, distribution.UpperQuantile(distribution.Survival(k) + mass / 2));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Functions_AtTheEndsOfTheLine_AreNeverNaN(Discrete distribution)
    {
        foreach (var x in new[] { double.NegativeInfinity, double.PositiveInfinity, -1e300, 1e300, double.MaxValue, 0, 1, 1e16 })
        {
            Assert.False(double.IsNaN(distribution.LogDensity(x)), $"ln P({x})");
            Assert.InRange(distribution.Cumulative(x), 0, 1);
            Assert.InRange(distribution.Survival(x), 0, 1);
        }

        Assert.Equal((0.0, 1.0), (distribution.Cumulative(double.NegativeInfinity), distribution.Cumulative(double.PositiveInfinity)));
        Assert.Equal((1.0, 0.0), (distribution.Survival(double.NegativeInfinity), distribution.Survival(double.PositiveInfinity)));
    }

    // Kolmogorov's distance of 40 000 draws, which for discrete laws is at most that of continuous ones: beyond 2.6/sqrt(n) with probability 3e-6.
    [Theory]
    [MemberData(nameof(All))]
    public void Draws_AreDistributedAsTheySay(Discrete distribution)
    {
        const int count = 40_000;
        var random = new RandomStream(7, 0, "draws");
        var draws = new double[count];
        for (var i = 0; i < count; i++) draws[i] = distribution.Draw(random);
        Array.Sort(draws);
        var distance = 0.0;
        for (var i = 0; i < count; i++)
        {
            var isLast = i == count - 1 || draws[i + 1] > draws[i];
            // Of a wide law one draw of 400 tells enough.
            if (!isLast || (i % 400 > 0 && draws[^1] - draws[0] > 10_000)) continue;
            distance = Math.Max(distance, Math.Abs((i + 1.0) / count - distribution.Cumulative(draws[i])));
        }

        Assert.True(distance < 2.6 / Math.Sqrt(count), $"the distance was {distance * Math.Sqrt(count):G3}/sqrt(n)");
        Assert.All([draws[0], draws[^1]], draw => Assert.True(distribution.LogDensity(draw) > double.NegativeInfinity, $"drew {draw:R}"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Draws_HaveTheMoments(Discrete distribution)
    {
        if (distribution.Expectation() is not { } mean || distribution.Variance() is not { } variance || !double.IsFinite(variance)) return;
        const int count = 20_000;
        var random = new RandomStream(8, 0, "moments");
        var (sum, squares, fourth) = (0.0, 0.0, 0.0);
        for (var i = 0; i < count; i++)
        {
            var difference = distribution.Draw(random) - mean;
            sum += difference;
            squares += difference * difference;
            fourth += difference * difference * difference * difference;
        }

        Assert.True(Math.Abs(sum / count) <= 5 * Math.Sqrt(variance / count) + 1e-15 * Math.Abs(mean), $"the mean was off by {sum / count:G3}");
        var spread = Math.Sqrt(Math.Max(0, fourth / count - squares / count * (squares / count)) / count);
        // Of rare large values the sample sees too few to know its own error.
        if (spread > 0 && spread < 0.05 * variance) Assert.True(Math.Abs(squares / count - variance) <= 5 * spread + 1e-7 * variance, $"the variance was {squares / count:G6}, not {variance:G6}");
    }

    private static IEnumerable<double> Values(Discrete distribution)
    {
        var (lower, upper) = distribution.Support();
        for (var k = lower; k <= Math.Min(upper, lower + 420); k++) yield return k;
    }
}
