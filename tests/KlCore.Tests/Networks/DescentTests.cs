using KlCore.Formats;
using KlCore.Networks;
using KlCore.Training;
using KlCore.Training.Optimization;

namespace KlCore.Tests.Networks;

/// <summary>What happens to a gradient before the optimiser sees it.</summary>
public class DescentTests
{
    private static readonly StochasticGradient Plain = new() { LearningRate = 1 };

    [Fact]
    public void Step_Penalties_PullAtWeightsOnly()
    {
        var (parameters, weights, bias) = Make();
        float[] before = [.. weights.Values];
        bias.Values.Fill(0.5f);
        before[3] = weights.Values[3] = 0;
        var descent = new Descent(parameters, Plain) { L1 = 0.01, L2 = 0.05 };
        Assert.Equal(0.01 * before.Sum(Math.Abs) + 0.05 * before.Sum(w => (double)w * w), descent.Penalty(), 1e-6);
        Assert.True(descent.Step(1));
        for (var i = 0; i < before.Length; i++) Assert.Equal(before[i] - 0.01 * Math.Sign(before[i]) - 0.1 * before[i], weights.Values[i], 1e-6);
        Assert.All(bias.Values.ToArray(), value => Assert.Equal(0.5f, value));
    }

    [Fact]
    public void Step_LongGradient_IsShortenedToTheMaximum()
    {
        var (parameters, weights, _) = Make();
        float[] before = [.. weights.Values];
        weights.Gradient.Fill(3);
        var descent = new Descent(parameters, Plain) { MaximumNorm = 0.5 };
        Assert.True(descent.Step(1));
        Assert.Equal(3 * Math.Sqrt(before.Length), descent.GradientNorm, 1e-4);
        for (var i = 0; i < before.Length; i++) Assert.Equal(before[i] - 0.5 / Math.Sqrt(before.Length), weights.Values[i], 1e-6);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Step_GradientNotFinite_ChangesNothing(float slope)
    {
        var (parameters, weights, _) = Make();
        float[] before = [.. weights.Values];
        weights.Gradient[5] = slope;
        Assert.False(new Descent(parameters, new Adam()).Step(1));
        Assert.Equal(before, weights.Values.ToArray());
    }

    [Fact]
    public void Restore_OfASave_TellsTheLastStepToo()
    {
        var (parameters, weights, _) = Make();
        weights.Gradient.Fill(3);
        var descent = new Descent(parameters, new Adam { LearningRate = 0.25 });
        Assert.True(descent.Step(1));
        var other = new Descent(Make().Parameters, new Adam { LearningRate = 0.25 });
        other.Restore(new Checkpoint(SafeTensors.Write([.. descent.Save()])));
        Assert.Equal((descent.GradientNorm, 0.25, 1), (other.GradientNorm, other.Rate, other.Steps));
    }

    private static (Parameters Parameters, Parameter Weights, Parameter Bias) Make()
    {
        var parameters = new Parameters();
        var dense = new Dense(parameters, "0", 7, 5);
        parameters.Allocate();
        for (var i = 0; i < dense.Weights.Length; i++) dense.Weights.Values[i] = (i - 15) * 0.1f;
        return (parameters, dense.Weights, dense.Bias!);
    }
}
