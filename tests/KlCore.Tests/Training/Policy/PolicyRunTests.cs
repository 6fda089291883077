using System.Text.Json;
using KlCore.Training;
using Fits = KlCore.Tests.Training.DensityFit.Fits;

namespace KlCore.Tests.Training.Policy;

/// <summary>What policies become under each penalty, and that a run can be interrupted.</summary>
public class PolicyRunTests
{
    private static readonly double[] Rewards = [1, 0.5, 0, 2];
    private static readonly double[] Reference = [0.4, 0.3, 0.2, 0.1];

    [Theory]
    [InlineData("""{ "beta": 0.5 }""", """ "steps": 2000 """)]
    [InlineData("""{ "beta": 0.2 }""", """ "steps": 2000 """)]
    [InlineData("""{ "beta": 3 }""", """ "steps": 2000, "optimizer": { "name": "sgd", "learningRate": 0.5 } """)]
    [InlineData("""{ "beta": 0.5, "estimator": "k2" }""", """ "steps": 2000 """)]
    [InlineData("""{ "beta": 0.5, "estimator": "k3-plus", "in": "loss" }""", """ "steps": 2000 """)]
    [InlineData("""{ "beta": 0.5 }""", """ "steps": 3000, "gradient": "sampled" """)]
    [InlineData("""{ "beta": 0.5, "estimator": "k2", "in": "loss" }""", """ "steps": 3000, "gradient": "sampled", "batchSize": 256 """)]
    public void ReversePenalty_OfABandit_ReachesTheClosedForm(string penalty, string more)
    {
        var result = PolicyJobs.Result(PolicyJobs.Bandit, penalty, $"{more}, \"frontier\": []");
        var weights = Rewards.Select((reward, arm) => Reference[arm] * Math.Exp(reward / result.Beta)).ToArray();
        for (var arm = 0; arm < 4; arm++)
        {
            Assert.Equal(weights[arm] / weights.Sum(), result.Optimum.Policy![arm], 1e-12);
            Assert.Equal(weights[arm] / weights.Sum(), result.Policy![arm], 1e-3);
        }

        Assert.InRange(result.Optimum.LargestDeviation, 0, 1e-3);
        Assert.Equal(result.Policy!.Select((p, arm) => p * Rewards[arm]).Sum(), result.Reward, 1e-12);
        Assert.Equal(result.Policy!.Select((p, arm) => p * Math.Log(p / Reference[arm])).Sum(), result.Reverse, 1e-12);
        Assert.Equal(result.Policy!.Select((p, arm) => Reference[arm] * Math.Log(Reference[arm] / p)).Sum(), result.Forward, 1e-12);
        Assert.DoesNotContain(result.Warnings, warning => warning.Contains("off that of the best", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "beta": 0.5, "direction": "forward" }""", """ "steps": 2000 """)]
    [InlineData("""{ "beta": 0.5, "estimator": "k3", "in": "loss" }""", """ "steps": 2000 """)]
    [InlineData("""{ "beta": 0.5, "direction": "forward" }""", """ "steps": 4000, "gradient": "sampled", "batchSize": 1000 """)]
    public void ForwardPenalty_OfABandit_ReachesItsOwnClosedForm(string penalty, string more)
    {
        var result = PolicyJobs.Result(PolicyJobs.Bandit, penalty, $"{more}, \"frontier\": []");
        // beta ref/(c - r): the same c for every arm.
        var policy = result.ForwardOptimum!.Policy!;
        Assert.Equal(1, policy.Sum(), 1e-12);
        var constants = policy.Select((p, arm) => 0.5 * Reference[arm] / p + Rewards[arm]).ToArray();
        Assert.All(constants, c => Assert.Equal(constants[0], c, 1e-9));
        Assert.True(constants[0] > 2);
        var tolerance = more.Contains("sampled", StringComparison.Ordinal) ? 5e-3 : 1e-3;
        for (var arm = 0; arm < 4; arm++) Assert.Equal(policy[arm], result.Policy![arm], tolerance);
        Assert.InRange(result.Optimum.LargestDeviation, 0.02, 1);
        Assert.Equal("KL(ref||pi)", result.Penalty.Optimises);
    }

    [Fact]
    public void K1InTheLoss_HoldsNothingBack()
    {
        var result = PolicyJobs.Result(PolicyJobs.Bandit, """{ "beta": 2, "estimator": "k1", "in": "loss" }""");
        Assert.True(result.Policy![3] > 0.999);
        Assert.Equal("none", result.Direction[0].Direction);
        Assert.Contains(result.Warnings, warning => warning.Contains("nothing keeps the policy", StringComparison.Ordinal));
    }

    [Fact]
    public void Directions_AtTheSameBeta_DifferAsTheorySays()
    {
        var result = PolicyJobs.Result(PolicyJobs.Bandit, """{ "beta": 0.1 }""");
        Assert.Equal(["reverse", "forward"], result.Direction.Select(outcome => outcome.Direction));
        var (reverse, forward) = (result.Direction[0], result.Direction[1]);
        // Towards e^(-2/0.1) or so, which steps of ever smaller gradients do not reach, against 0.1/(0.1 + 2).
        Assert.InRange(reverse.LeastShare, 0, 1e-3);
        Assert.InRange(forward.LeastShare, 0.1 / 2.1, 0.06);
        Assert.True(reverse.Forward > forward.Forward && reverse.Reward > forward.Reward);
        Assert.Equal(reverse.Reward, reverse.BestReward, 1e-3);
        Assert.True(forward.BestReward > forward.Reward + 1e-3, $"{forward.BestReward:R}, {forward.Reward:R}");
        Assert.Contains("reverse penalty ends at", result.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void ReversePenalty_OfSequences_ReachesTheClosedForm()
    {
        var result = PolicyJobs.Result(PolicyJobs.Sequence, """{ "beta": 0.5 }""");
        Assert.InRange(result.Optimum.LargestDeviation, 0, 1e-3);
        Assert.Null(result.Policy);
        Assert.Equal(10, result.States!.Count);
        var sampled = PolicyJobs.Result(PolicyJobs.Sequence, """{ "beta": 0.5 }""", """ "steps": 1500, "gradient": "sampled", "batchSize": 200, "frontier": [] """);
        Assert.InRange(sampled.Optimum.LargestDeviation, 0, 0.05);
        Assert.Equal(result.Reward, sampled.Reward, 0.01);
    }

    [Fact]
    public void Frontier_LiesOnTheCurveOfTheBest()
    {
        var result = PolicyJobs.Result(PolicyJobs.Bandit, """{ "beta": 0.5 }""", "\"steps\": 2000");
        Assert.Equal([2, 1, 0.25, 0.125], result.Frontier.Select(point => point.Beta));
        foreach (var point in result.Frontier)
        {
            Assert.Equal(point.Optimum.Reward, point.Trained.Reward, 1e-3);
            Assert.Equal(point.Optimum.Reverse, point.Trained.Reverse, 5e-3);
        }

        Assert.Equal(result.Curve.Kl.Order(), result.Curve.Kl);
        Assert.Equal(result.Curve.Reward.Order(), result.Curve.Reward);
    }

    [Theory]
    [InlineData("exact")]
    [InlineData("sampled")]
    public void Controller_KeepsToItsTarget(string gradient)
    {
        var result = PolicyJobs.Result(PolicyJobs.Bandit, """{ "beta": 5, "controller": { "target": 0.3 } }""", $$""" "steps": 5000, "gradient": "{{gradient}}", "frontier": [] """);
        Assert.Equal(0.3, result.Reverse, 0.03);
        Assert.InRange(result.Beta, 0.3, 3);
    }

    [Theory]
    [InlineData(PolicyJobs.Bandit, """{ "beta": 0.5, "controller": { "target": 0.3 } }""", """ "gradient": "sampled", "batchSize": 8, "steps": 30, "frontier": [1] """)]
    [InlineData(PolicyJobs.Sequence, """{ "beta": 0.5, "direction": "forward" }""", """ "steps": 20, "frontier": [1, 2] """)]
    [InlineData(PolicyJobs.Sequence, """{ "beta": 0.5, "estimator": "k3" }""", """ "steps": 20, "gradient": "sampled", "batchSize": 4, "optimizer": { "name": "momentum", "learningRate": 0.1 } """)]
    public void Restore_AtAnyStep_ContinuesToTheLastBit(string environment, string penalty, string more)
    {
        var json = PolicyJobs.Json(environment, penalty, more);
        var undisturbed = Finish(PolicyJobs.Start(json), out var steps);
        foreach (var cut in new[] { 0, 1, 19, 20, 21, 30, 31, 45, steps - 1, steps })
        {
            var first = PolicyJobs.Start(json);
            for (var i = 0; i < cut; i++) first.Step();
            var second = PolicyJobs.Start(json);
            second.Restore(first.Save());
            Assert.Equal(cut, second.CompletedSteps);
            Assert.Equal(first.Save(), second.Save());
            Assert.Equal(undisturbed, Finish(second, out _));
        }
    }

    // One step moves the logits apart by 710, where e^-delta is beyond a double.
    [Fact]
    public void Step_WithARateThatDiverges_SaysAtWhichStep()
    {
        var run = PolicyJobs.Start(PolicyJobs.Json("""{ "name": "bandit", "rewards": [0.71, -0.71] }""", """{ "beta": 1e6, "estimator": "k3" }""", """ "optimizer": { "name": "sgd", "learningRate": 1000 } """));
        var exception = Assert.Throws<TrainingDivergedException>(() =>
        {
            while (!run.IsComplete) run.Step();
        });
        Assert.InRange(exception.Step, 1, 100);
        Assert.True(double.IsFinite(exception.LastFiniteLoss));
    }

    private static string Finish(TrainingRun run, out int steps)
    {
        for (steps = 0; !run.IsComplete; steps++) run.Step();
        var outcome = run.Finish();
        var files = outcome.Artifacts.Select(artifact => $"{artifact.Name}: {Convert.ToHexString(artifact.Content.Span)}");
        return string.Join('\n', [JsonSerializer.Serialize(outcome.Result, outcome.Result.GetType(), Fits.Json), .. files]);
    }
}
