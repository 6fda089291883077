using KlCore.Training.Optimization;

namespace KlCore.Tests.Training.Optimization;

/// <summary>Two steps of every rule, by hand, and that each finds the bottom of a bowl.</summary>
public class OptimizerTests
{
    // θ = 1, gradients 2 then −1, rate 0.1.
    [Fact]
    public void StochasticGradient_Subtracts() => Assert.Equal([0.8, 0.9], Two(new StochasticGradient()), Close);

    // v = 2, then 0.5·2 − 1 = 0.
    [Fact]
    public void HeavyBall_KeepsVelocity() => Assert.Equal([0.8, 0.8], Two(new HeavyBall { Momentum = 0.5 }), Close);

    // The first step is the whole rate; then m̂ = (0.9·0.2 − 0.1)/0.19, v̂ = (0.999·0.004 + 0.001)/0.001999.
    [Fact]
    public void Adam_DividesByTheRootOfTheMeanSquare()
    {
        var second = 0.9 - 0.1 * (0.08 / 0.19) / Math.Sqrt(0.004996 / 0.001999);
        Assert.Equal([0.9, second], Two(new Adam { Epsilon = 1e-300 }), Close);
    }

    // v = 2, so the step is 2 + 0.5·2; then v = 0, so it is −1.
    [Fact]
    public void Nesterov_LooksAhead() => Assert.Equal([0.7, 0.8], Two(new Nesterov { Momentum = 0.5 }), Close);

    // v = 0.1·4, then 0.9·0.4 + 0.1.
    [Fact]
    public void RootMeanSquare_DividesByTheRootOfTheMeanSquare()
    {
        var first = 1 - 0.2 / Math.Sqrt(0.4);
        Assert.Equal([first, first + 0.1 / Math.Sqrt(0.46)], Two(new RootMeanSquare { Epsilon = 1e-300 }), Close);
    }

    // A tenth of a half decays before each step of Adam.
    [Fact]
    public void AdamW_DecaysBesidesTheStep()
    {
        var second = 0.95 * 0.85 - 0.1 * (0.08 / 0.19) / Math.Sqrt(0.004996 / 0.001999);
        Assert.Equal([0.85, second], Two(new AdamW { Epsilon = 1e-300, WeightDecay = 0.5 }), Close);
    }

    public static TheoryData<Optimizer> All => [new StochasticGradient(), new HeavyBall(), new Nesterov(), new RootMeanSquare(), new Adam(), new AdamW { WeightDecay = 0 }];

    [Theory]
    [MemberData(nameof(All))]
    public void Update_OnABowl_ReachesTheBottom(Optimizer optimizer)
    {
        double[] parameters = [3, -2];
        var state = new OptimizerState<double>(optimizer.Slots, 2);
        var schedule = new CosineSchedule { Hold = 0.5 };
        for (var step = 0; step < 1000; step++)
            optimizer.Update<double>(0.05 * schedule.Multiplier(step, 1000), [parameters[0] - 1, 4 * (parameters[1] + 1)], parameters, state);
        Assert.Equal([1, -1], parameters, (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(1000, state.Steps);
    }

    [Fact]
    public void Schedules_MultiplyTheRateAsTheySay()
    {
        Assert.Equal(1, new ConstantSchedule().Multiplier(70, 100));
        Assert.Equal(0.25, new StepSchedule { Every = 30 }.Multiplier(70, 100));
        Assert.Equal(0.1, new ExponentialSchedule { FinalFraction = 0.01 }.Multiplier(50, 100), 1e-15);
        Assert.Equal([1, 1, 0.5, 0], new long[] { 0, 50, 75, 100 }.Select(step => new CosineSchedule { Hold = 0.5 }.Multiplier(step, 100)), Close);
        Assert.Equal(0.55, new CosineSchedule { FinalFraction = 0.1 }.Multiplier(50, 100), 1e-15);
        Assert.Equal([0.25, 1, 1], new long[] { 0, 3, 4 }.Select(step => new WarmUpSchedule { Steps = 4 }.Multiplier(step, 100)), Close);
        Assert.Equal(0.5, new WarmUpSchedule { Steps = 20, Then = new CosineSchedule() }.Multiplier(60, 100), 1e-15);
    }

    private static bool Close(double a, double b) => Math.Abs(a - b) < 1e-12;

    private static double[] Two(Optimizer optimizer)
    {
        double[] parameters = [1];
        var state = new OptimizerState<double>(optimizer.Slots, 1);
        optimizer.Update<double>(0.1, [2], parameters, state);
        var first = parameters[0];
        optimizer.Update<double>(0.1, [-1], parameters, state);
        return [first, parameters[0]];
    }
}
