using KlCore.Formats;
using KlCore.Training;

namespace KlCore.Tests.Training;

public class EarlyStoppingTests
{
    [Fact]
    public void BestEpoch_AfterItsPatience_IsOverAndGivesTheBestBack()
    {
        var best = new BestEpoch(new EarlyStopping { Patience = 2, MinimumDelta = 0.1 }, 1);
        double[] losses = [1, 0.95, 0.8, 0.75, 0.9];
        for (var i = 0; i < losses.Length; i++)
        {
            Assert.False(best.IsOver);
            best.Note(i + 1, losses[i], [i]);
        }

        Assert.True(best.IsOver);
        Assert.Equal((0.8, 3), (best.Loss, best.Epoch));
        var again = new BestEpoch(new EarlyStopping { Patience = 2, MinimumDelta = 0.1 }, 1);
        again.Restore(new Checkpoint(SafeTensors.Write([.. best.Save()])));
        float[] parameters = [9];
        Assert.True(again.RestoreTo(parameters) && again.IsOver);
        Assert.Equal([2f], parameters);
    }

    [Fact]
    public void BestEpoch_WithoutARule_NeverEnds()
    {
        var best = new BestEpoch(null, 1);
        for (var epoch = 1; epoch < 100; epoch++) best.Note(epoch, epoch, [0]);
        Assert.False(best.IsOver);
        Assert.Equal(1, best.Epoch);
        Assert.False(best.RestoreTo([0]));
    }

    [Fact]
    public void EpochOrder_OfEachEpoch_IsAnotherPermutationThatIsKnownFromItsNumber()
    {
        var order = new EpochOrder(100, seed: 3);
        var (first, second) = (order.Of(0).ToArray(), order.Of(1).ToArray());
        Assert.Equal(Enumerable.Range(0, 100), first.Order());
        Assert.Equal(Enumerable.Range(0, 100), second.Order());
        Assert.NotEqual(first, second);
        Assert.Equal(second, new EpochOrder(100, seed: 3).Of(1).ToArray());
    }

    [Theory]
    [InlineData(10, 0.2, 2)]
    [InlineData(10, 0, 0)]
    [InlineData(3, 0.01, 1)]
    [InlineData(2, 0.99, 1)]
    [InlineData(1, 0.5, 0)]
    public void Split_HoldsTheFractionOut(int examples, double fraction, int expected)
    {
        var (training, heldOut) = EpochOrder.Split(examples, fraction, 1);
        Assert.Equal(expected, heldOut.Length);
        Assert.Equal(Enumerable.Range(0, examples), training.Concat(heldOut).Order());
    }
}
