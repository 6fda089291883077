using KlCore.Policies;

namespace KlCore.Tests.Policies;

public class BestOfNTests
{
    /// <summary>Exact KL and expected reward at 40 digits (mpmath).</summary>
    public static TheoryData<double[], double[], int, double, double> Golden() => new()
    {
        { [0.5, 0.25, 0.125, 0.125], [0, 1, 1, 3], 4, 0.54031003487367232761, 1.76513671875 },
        { [0.5, 0.25, 0.125, 0.125], [0, 1, 2, 3], 1000, 2.0794415416798359283, 3 },
        { [.. Enumerable.Repeat(1.0 / 1024, 1024)], [.. Enumerable.Range(0, 1024).Select(i => (double)i)], 8, 1.2044389455688639415, 909.72157118099017256 },
        { [1 - Math.Pow(2, -40), Math.Pow(2, -40)], [0, 1], 3, 1.1785567639919013504e-12, 2.7284841053163031719e-12 },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Evaluate_FiniteChoice_IsExactAndBelowTheBound(double[] reference, double[] rewards, int n, double kl, double reward)
    {
        var answer = new BestOfN { N = n, Reference = reference, Rewards = rewards }.Evaluate();
        Assert.Equal(1, answer.Exact!.Kl / kl, 1e-12);
        Assert.Equal(1, answer.Exact.ExpectedReward / reward, 1e-12);
        Assert.Equal(1, answer.Exact.Policy.Sum(), 1e-12);
        Assert.Equal(Math.Log(n) - ((n - 1.0) / n), answer.Bound, 1e-15);
        Assert.Equal(answer.Bound - kl, answer.Exact.Gap, 1e-12);
        Assert.True(answer.Exact.Gap > 0);
    }

    /// <summary>By listing every pair of draws: equal rewards share in proportion to the reference.</summary>
    [Fact]
    public void Policy_OfBestOfTwo_IsThatOfAllPairs()
    {
        double[] reference = [0.1, 0.2, 0.3, 0.4], rewards = [1, 2, 2, 0];
        var expected = new double[4];
        for (var i = 0; i < 4; i++)
            for (var j = 0; j < 4; j++)
                expected[rewards[j] > rewards[i] ? j : i] += reference[i] * reference[j];
        var answer = new BestOfN { N = 2, Reference = reference, Rewards = rewards }.Evaluate();
        Assert.All(expected.Zip(answer.Exact!.Policy), pair => Assert.Equal(pair.First, pair.Second, 1e-15));
        Assert.Equal(3, answer.Exact.Levels);
    }

    [Fact]
    public void Evaluate_OneDraw_IsTheReference()
    {
        var answer = new BestOfN { N = 1, Reference = [0.3, 0.7], Rewards = [1, 0] }.Evaluate();
        Assert.Equal((0.0, 0.0, 0.0), (answer.Bound, answer.Exact!.Kl, answer.Exact.Gap));
        Assert.All(answer.Exact.Policy.Zip((double[])[0.3, 0.7]), pair => Assert.Equal(pair.Second, pair.First, 1e-15));
    }

    [Fact]
    public void Evaluate_AllRewardsEqual_CostsNothing()
    {
        var answer = new BestOfN { N = 50, Reference = [0.3, 0.7], Rewards = [1, 1] }.Evaluate();
        Assert.Equal(0, answer.Exact!.Kl, 1e-15);
        Assert.Equal(answer.Bound, answer.Exact.Gap, 1e-15);
    }

    [Fact]
    public void Evaluate_ABillionDraws_IsTheBestWithoutNaN()
    {
        var answer = new BestOfN { N = 1_000_000_000, Reference = [0.3, 0.69, 0.01, 0], Rewards = [1, 0, 2, 3] }.Evaluate();
        Assert.Equal(-Math.Log(0.01), answer.Exact!.Kl, 1e-12);
        Assert.Equal(2, answer.Exact.ExpectedReward, 1e-12);
        Assert.Null(new BestOfN { N = 5 }.Evaluate().Exact);
    }
}
