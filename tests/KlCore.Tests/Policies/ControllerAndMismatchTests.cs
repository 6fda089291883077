using KlCore.Policies;

namespace KlCore.Tests.Policies;

public class ControllerAndMismatchTests
{
    /// <summary>TRL's AdaptiveKLController: proportional_error = clip(kl/target - 1, -0.2, 0.2); value *= 1 + error * n_steps / horizon.</summary>
    [Fact]
    public void Trace_OfTheAdaptiveController_IsThatByHand()
    {
        var controller = new BetaController { Beta = 0.1, Target = 6, Horizon = 10_000, BatchSize = 256, Observed = [4.2, 6.3, 9.5, -1] };
        var trace = controller.Trace();
        Assert.Equal([true, false, true, true], trace.Select(step => step.Clipped));
        double[] errors = [-0.2, (6.3 - 6) / 6, 0.2, -0.2];
        var beta = 0.1;
        for (var i = 0; i < 4; i++) Assert.Equal(beta *= 1 + (errors[i] * 256 / 10_000), trace[i].Beta, 1e-15);
        Assert.Equal((-7.0 / 6), trace[3].Error, 1e-15);
    }

    [Fact]
    public void Trace_OfTheFixedController_LeavesBeta() =>
        Assert.All(new BetaController { Controller = ControllerKind.Fixed, Beta = 0.3, Observed = [1, 100] }.Trace(), step => Assert.Equal((0.3, 1.0, false), (step.Beta, step.Multiplier, step.Clipped)));

    [Fact]
    public void Check_BatchLargerThanTheHorizonAllows_IsRefused() => Assert.Contains("/batchSize",
        Assert.Throws<InvalidInputException>(() => new BetaController { Beta = 1, Target = 1, Horizon = 10, BatchSize = 50, Observed = [0] }.Trace()).Problems.ByPointer().Keys);

    [Fact]
    public void Mismatch_ByEnumeration_IsTheKlBothWays()
    {
        // Tokens as often as the rollout samples them: probabilities 1/2, 1/4, 1/4 against 1/4, 1/4, 1/2.
        double[] p = [0.5, 0.5, 0.25, 0.25], q = [0.25, 0.25, 0.25, 0.5];
        var answer = new RolloutMismatch { Rollout = new(Array.ConvertAll(p, Math.Log)), Trainer = new(Array.ConvertAll(q, Math.Log)) }.Measure();
        var kl = Math.Log(2) / 4;
        Assert.Equal(kl, answer.RolloutToTrainer.K1.Value, 1e-15);
        Assert.Equal(kl, answer.RolloutToTrainer.K3.Value, 1e-15);
        Assert.Equal(kl, answer.TrainerToRollout.K1.Value, 1e-15);
        Assert.Equal(kl, answer.TrainerToRollout.K3.Value, 1e-15);
        Assert.Equal(3 * Math.Log(2) / 4, answer.MeanAbsoluteDifference, 1e-15);
        Assert.Equal(Math.Log(2), answer.MaximumAbsoluteDifference, 1e-15);
        // Ratios 1/2, 1/2, 1, 2: mean 1, sum of squares 5.5, variance 1.5/3, effective 16/5.5.
        Assert.Equal(1, answer.TokenRatio.Mean, 1e-15);
        Assert.Equal(0.5, answer.TokenRatio.Variance, 1e-14);
        Assert.Equal(16 / 5.5, answer.TokenRatio.EffectiveSampleSize, 1e-14);
        Assert.Equal(2, answer.TokenRatio.Maximum, 1e-15);
        Assert.Equal(Math.Pow(2, 0.25), answer.PerplexityRatio, 1e-15);
        Assert.Equal(0, answer.TruncatedTokens);
    }

    [Fact]
    public void Mismatch_OfSequences_MultipliesTheirRatios()
    {
        var answer = new RolloutMismatch { Rollout = new([[-1, -1.5], [-2, 7]]), Trainer = new([[-0.5, -1], [-2.5, 3]]), Mask = new([[1, 1], [1, 0]]), Truncation = 1.5 }.Measure();
        Assert.Equal(Math.E, answer.SequenceRatio.Maximum, 1e-15);
        Assert.Equal((Math.E + Math.Exp(-0.5)) / 2, answer.SequenceRatio.Mean, 1e-15);
        Assert.Equal((2.0 / 3, 0.5), (answer.TruncatedTokens, answer.TruncatedSequences));
        Assert.Contains("truncated", answer.Diagnosis.Select(finding => finding.Code));
    }

    [Fact]
    public void Mismatch_OfNearlyEqualEngines_KeepsTheDigitsOfTheVariance()
    {
        var step = Math.Pow(2, -40);
        var answer = new RolloutMismatch { Rollout = new([-1.0, -1, -1, -1]), Trainer = new([-1 + step, -1 - step, -1 + step, -1 - step]) }.Measure();
        Assert.Equal(1, answer.TokenRatio.Variance / (4 * step * step / 3), 1e-9);
        Assert.Equal(1, answer.RolloutToTrainer.K3.Value / (step * step / 2), 1e-9);
    }

    [Fact]
    public void Mismatch_ExtremeRatios_NeverTurnNaN()
    {
        var answer = new RolloutMismatch { Rollout = new([-800.0, -1, 0]), Trainer = new([-1.0, -900, -3000]) }.Measure();
        Assert.Equal(1, answer.TokenRatio.EffectiveSampleSize, 1e-12);
        Assert.All([answer.TokenRatio.Variance, answer.SequenceRatio.Variance, answer.TrainerToRollout.K3.Value, answer.TrainerToRollout.K1.Value], value => Assert.False(double.IsNaN(value)));
    }
}
