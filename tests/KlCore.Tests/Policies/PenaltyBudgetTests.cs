using KlCore.Policies;

namespace KlCore.Tests.Policies;

public class PenaltyBudgetTests
{
    /// <summary>beta by bisection at 400 digits (mpmath), the doubles taken as exact.</summary>
    public static TheoryData<double[], double[], double, double> Golden() => new()
    {
        { [0.5, 0.3, 0.15, 0.05], [0, 1, 2, 3], 0.5, 1.0308616977269017505 },
        { [0.2, 0.3, 0.5], [-1e6, 1e6, 999999], 0.25, 2.1435678213620486904 },
        { [1, 1e-300], [0, 1e6], 100, 1451.3701706622031182 },
        { [0.5, 0.5], [0, 1], 1e-20, 3535533905.9327377189 },
        { [0.25, 0.25, 0.25, 0.25], [1, 1, 0, 0], 0.6875, 0.13715263245129575529 },
        { [0.3, 0.7], [5, 5.000000001], 0.1, 8.2249690264805727918e-10 },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Solve_ForABudget_FindsItsBetaAndSpendsIt(double[] reference, double[] rewards, double budget, double beta)
    {
        var answer = new PenaltyBudget { Reference = reference, Rewards = rewards, TargetKl = budget }.Solve();
        Assert.Equal(1, answer.Beta / beta, 1e-12);
        Assert.Equal(1, answer.Kl / budget, 1e-12);
        Assert.Equal(1, answer.Policy.Sum(), 1e-12);
        Assert.Equal(0, answer.Identity!.Residual, 1e-12 * (1 + Math.Abs(answer.Identity.LogPartition)));
    }

    [Fact]
    public void Solve_ForABeta_IsTheSoftmaxOfTheRewards()
    {
        double[] reference = [0.5, 0.3, 0.2], rewards = [1, -1, 2];
        var answer = new PenaltyBudget { Reference = reference, Rewards = rewards, Beta = 0.8 }.Solve();
        var weights = reference.Zip(rewards, (p, r) => p * Math.Exp(r / 0.8)).ToArray();
        Assert.All(answer.Policy.Zip(weights), pair => Assert.Equal(pair.Second / weights.Sum(), pair.First, 1e-15));
        Assert.Equal(Math.Log(weights.Sum()), answer.Identity!.LogPartition, 1e-15);
        Assert.Equal(answer.Policy.Zip(reference, (p, q) => p * Math.Log(p / q)).Sum(), answer.Kl, 1e-15);
        Assert.Equal((answer.ExpectedReward / 0.8) - answer.Identity.LogPartition, answer.Kl, 1e-15);
        Assert.Equal(0.6, answer.ReferenceReward, 1e-15);
    }

    [Fact]
    public void Solve_AtTheEnds_IsTheReferenceAndTheGreedyChoice()
    {
        var budget = new PenaltyBudget { Reference = [0.5, 0.3, 0.2, 0], Rewards = [1, 2, 2, 9] };
        var none = (budget with { TargetKl = 0 }).Solve();
        Assert.Equal((double.PositiveInfinity, 0.0), (none.Beta, none.Kl));
        Assert.Equal([0.5, 0.3, 0.2, 0], none.Policy);
        // The reward of 9 has no probability under the reference and cannot be had.
        var greedy = (budget with { Beta = 0 }).Solve();
        Assert.Equal(Math.Log(2), greedy.Kl, 1e-15);
        Assert.Equal(Math.Log(2), greedy.LargestKl, 1e-15);
        Assert.All(greedy.Policy.Zip((double[])[0, 0.6, 0.4, 0]), pair => Assert.Equal(pair.Second, pair.First, 1e-15));
        Assert.Null(greedy.Identity);
        var all = (budget with { TargetKl = greedy.LargestKl }).Solve();
        Assert.Equal((0.0, 2.0), (all.Beta, all.ExpectedReward));
        Assert.Equal(budget.Reference, (budget with { Beta = double.PositiveInfinity }).Solve().Policy);
    }

    [Theory]
    [InlineData(0.7)]
    [InlineData(1e300)]
    public void Solve_BeyondTheLargestKl_IsRefusedWithIt(double budget)
    {
        var refused = Assert.Throws<NotComputableException>(() => new PenaltyBudget { Reference = [0.5, 0.5], Rewards = [0, 1], TargetKl = budget }.Solve());
        Assert.Equal("budget-unreachable", refused.Code);
        Assert.Contains("0.693147180559945", refused.Message, StringComparison.Ordinal);
        Assert.Throws<NotComputableException>(() => new PenaltyBudget { Reference = [0.5, 0.5], Rewards = [1, 1], TargetKl = 1e-9 }.Solve());
    }

    [Fact]
    public void Solve_ForABetaOfMinusZero_IsTheGreedyChoice()
    {
        var greedy = new PenaltyBudget { Reference = [0.5, 0.5], Rewards = [0, 1], Beta = -0.0 }.Solve();
        Assert.Equal((0.0, 1.0), (greedy.Beta, greedy.ExpectedReward));
        Assert.False(double.IsNegative(greedy.Beta));
    }

    [Fact]
    public void Frontier_FromReferenceToGreedy_RisesAndIsConcave()
    {
        var frontier = new PenaltyBudget { Reference = [0.5, 0.3, 0.15, 0.05], Rewards = [0, 1, 2, 3], TargetKl = 1, Frontier = 21 }.Solve().Frontier!;
        Assert.Equal((double.PositiveInfinity, 0.0), (frontier[0].Beta, frontier[^1].Beta));
        var steps = frontier.Zip(frontier.Skip(1), (a, b) => b.ExpectedReward - a.ExpectedReward).ToList();
        Assert.All(steps, step => Assert.True(step > 0));
        Assert.All(steps.Zip(steps.Skip(1)), pair => Assert.True(pair.Second < pair.First + 1e-12));
        Assert.All(frontier.Select((point, i) => (point, i)), entry => Assert.Equal(Math.Log(20) * entry.i / 20, entry.point.Kl, 1e-12));
    }

    [Fact]
    public void Solve_HugeRewardsAndTinyBeta_NeverTurnsNaN()
    {
        foreach (var beta in (double[])[0, 1e-300, 1e-9, 1, 1e9, 1e300])
        {
            var answer = new PenaltyBudget { Reference = [0.25, 0.25, 0.5 - 1e-16, 1e-300], Rewards = [-1e6, 1e150, 1e150, 0], Beta = beta }.Solve();
            Assert.All([.. answer.Policy, answer.Kl, answer.ExpectedReward], value => Assert.False(double.IsNaN(value)));
            Assert.True(answer.Kl >= 0);
        }
    }
}
