using KlCore.Training.Optimization;

namespace KlCore.Tests.Training.Optimization;

/// <summary>What an optimizer does to many floats at once.</summary>
public class UpdateLoopTests
{
    private const int Count = 67;

    public static TheoryData<Optimizer> Optimizers =>
        [new StochasticGradient(), new HeavyBall(), new Nesterov(), new RootMeanSquare(), new Adam(), new AdamW()];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Update_OfManyParameters_IsThatOfEachAlone(Optimizer optimizer)
    {
        var all = Numbers<float>(1, x => (float)x);
        var state = new OptimizerState<float>(optimizer.Slots, Count);
        for (var step = 0; step < 3; step++) optimizer.Update<float>(0.01, Numbers(10 + step, x => (float)x), all, state);
        for (var i = 0; i < Count; i++)
        {
            float[] one = [Numbers(1, x => (float)x)[i]];
            var own = new OptimizerState<float>(optimizer.Slots, 1);
            for (var step = 0; step < 3; step++) optimizer.Update<float>(0.01, [Numbers(10 + step, x => (float)x)[i]], one, own);
            Assert.Equal(one[0], all[i]);
            for (var slot = 0; slot < optimizer.Slots; slot++) Assert.Equal(own.Slots[slot][0], state.Slots[slot][i]);
        }
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Update_OfFloats_IsThatOfDoublesRounded(Optimizer optimizer)
    {
        var singles = Numbers(1, x => (float)x);
        var doubles = Numbers(1, x => x);
        var (ofSingles, ofDoubles) = (new OptimizerState<float>(optimizer.Slots, Count), new OptimizerState<double>(optimizer.Slots, Count));
        for (var step = 0; step < 20; step++)
        {
            optimizer.Update<float>(0.01, Numbers(10 + step, x => (float)x), singles, ofSingles);
            optimizer.Update<double>(0.01, Numbers(10 + step, x => x), doubles, ofDoubles);
        }

        // Twenty steps, each with a handful of roundings of numbers below 4.
        for (var i = 0; i < Count; i++) Assert.Equal(doubles[i], singles[i], 1e-5);
    }

    [Fact]
    public void Adam_FirstStep_HasTheLengthOfTheRate()
    {
        var parameters = new float[Count];
        new Adam().Update<float>(0.25, Numbers(3, x => (float)x), parameters, new OptimizerState<float>(2, Count));
        Assert.All(parameters, value => Assert.Equal(0.25, Math.Abs(value), 1e-5));
    }

    private static T[] Numbers<T>(int seed, Func<double, T> convert)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Count).Select(_ => convert((float)(2 * random.NextDouble() - 1)))];
    }
}
