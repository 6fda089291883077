using KlCore.Formats;
using KlCore.Logits;

namespace KlCore.Tests.Logits;

public sealed class RowComparisonTests
{
    private static readonly double _ln2 = Math.Log(2);

    [Theory]
    [InlineData(ElementType.F64)]
    [InlineData(ElementType.F32)]
    public void Compare_TwoTokens_IsTheTextbookValue(ElementType element)
    {
        // p = (3/4, 1/4), q = (1/2, 1/2).
        var position = Rows.Compare([Math.Log(3), 0], [7, 7], element, element, 1, new RowOptions { TopK = [1, 2] });
        var tolerance = element == ElementType.F64 ? 1e-15 : 1e-7;
        Assert.Equal(0.75 * Math.Log(1.5) + 0.25 * Math.Log(0.5), position.Forward, tolerance);
        Assert.Equal(0.5 * Math.Log(2 / 3.0) + 0.5 * Math.Log(2), position.Reverse, tolerance);
        Assert.Equal(0.25, position.TotalVariation, tolerance);
        Assert.Equal(Math.Sqrt(1 - Math.Sqrt(0.375) - Math.Sqrt(0.125)), position.Hellinger, tolerance);
        Assert.Equal((0.75 * Math.Log(1.2) + 0.25 * Math.Log(2 / 3.0) + 0.5 * Math.Log(0.8) + 0.5 * Math.Log(4 / 3.0)) / 2, position.JensenShannon, tolerance);
        Assert.Equal(2 * _ln2 - 0.75 * Math.Log(3), position.EntropyP, tolerance);
        Assert.Equal(_ln2, position.EntropyQ, tolerance);
        Assert.Equal(-2 * _ln2, position.TargetLogP, tolerance);
        Assert.Equal(-_ln2, position.TargetLogQ, tolerance);
        Assert.Equal(0.75, position.TopProbabilityP, tolerance);
        Assert.Equal((0, 0, 1), (position.TopP, position.TopQ, position.RankInQ));
        Assert.Equal((1, 2), (position.Overlap[0], position.Overlap[1]));
        Assert.Equal((1, 2), (position.OrderedMatch[0], position.OrderedMatch[1]));
    }

    [Fact]
    public void Compare_MaskedOnBothSides_AddsNothing()
    {
        var inf = double.NegativeInfinity;
        var masked = Rows.Compare([1, inf, 2, 0.5], [0.5, inf, 2, 1]);
        var without = Rows.Compare([1, 2, 0.5], [0.5, 2, 1]);
        Assert.Equal(without.Forward, masked.Forward);
        Assert.Equal(without.JensenShannon, masked.JensenShannon);
    }

    [Fact]
    public void Compare_MaskedInQAlone_IsInfiniteForward()
    {
        var position = Rows.Compare([0, 0], [0, double.NegativeInfinity]);
        Assert.Equal(double.PositiveInfinity, position.Forward);
        Assert.Equal(_ln2, position.Reverse, 1e-15);
        Assert.Equal(0.5, position.TotalVariation, 1e-15);
    }

    [Fact]
    public void Compare_NoDistribution_SetsTheFactAndNothingElse()
    {
        foreach (var bad in new[] { double.NaN, double.PositiveInfinity })
        {
            var position = Rows.Compare([1, 2, 3], [1, bad, 3], target: 2);
            Assert.Equal(PositionFacts.InvalidQ, position.Facts);
            Assert.Equal((0.0, 0.0, 0.0, 2), (position.Forward, position.EntropyP, position.TargetLogP, position.Target));
        }

        Assert.Equal(PositionFacts.InvalidP, Rows.Compare([double.NegativeInfinity], [1]).Facts);
    }
}
