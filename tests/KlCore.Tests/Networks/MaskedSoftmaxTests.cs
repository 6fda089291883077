using KlCore.Networks;
using KlCore.Numerics;

namespace KlCore.Tests.Networks;

/// <summary>Softmax over growing rows, by every width of vectors, against its definition in doubles.</summary>
public class MaskedSoftmaxTests
{
    private const int Rows = 40, First = 3, Width = 45, Stride = 47;
    private const float Scale = 0.3f;

    public static TheoryData<int> Widths()
    {
        TheoryData<int> widths = [1];
        if (FloatLanes256.IsSupported) widths.Add(8);
        if (FloatLanes512.IsSupported) widths.Add(16);
        return widths;
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Forward_OfRows_AreTheirSharesAndZeros(int lanes)
    {
        var scores = Numbers("scores");
        var actual = scores.ToArray();
        Forward(lanes, actual);
        for (var row = 0; row < Rows; row++)
        {
            var count = First + row;
            var sum = scores.Skip(row * Stride).Take(count).Sum(z => Math.Exp(Scale * z));
            for (var i = 0; i < Width; i++)
            {
                var expected = i < count ? Math.Exp(Scale * scores[row * Stride + i]) / sum : 0;
                Assert.Equal(expected, actual[row * Stride + i], 2e-6 * expected);
            }

            for (var i = Width; i < Stride; i++) Assert.Equal(scores[row * Stride + i], actual[row * Stride + i]);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Backward_OfRows_IsTheDerivative(int lanes)
    {
        var weights = Numbers("scores");
        Forward(lanes, weights);
        var slopes = Numbers("slopes");
        var actual = slopes.ToArray();
        if (lanes == 16) MaskedSoftmax.Backward<FloatLanes512>(weights, Stride, actual, Stride, Rows, First, Width, Scale);
        else if (lanes == 8) MaskedSoftmax.Backward<FloatLanes256>(weights, Stride, actual, Stride, Rows, First, Width, Scale);
        else MaskedSoftmax.Backward<FloatLanes32>(weights, Stride, actual, Stride, Rows, First, Width, Scale);
        for (var row = 0; row < Rows; row++)
        {
            var at = row * Stride;
            var mean = Enumerable.Range(0, First + row).Sum(i => (double)weights[at + i] * slopes[at + i]);
            for (var i = 0; i < Width; i++) Assert.Equal(i < First + row ? Scale * weights[at + i] * (slopes[at + i] - mean) : 0, actual[at + i], 2e-6);
        }
    }

    [Fact]
    public void Forward_OfHugeScores_IsFinite()
    {
        float[] scores = [3e38f, -3e38f, 0];
        MaskedSoftmax.Forward(scores, 3, 1, 3, 3, 0.5f);
        Assert.Equal([1, 0, 0], scores);
    }

    private static void Forward(int lanes, float[] scores)
    {
        if (lanes == 16) MaskedSoftmax.Forward<FloatLanes512>(scores, Stride, Rows, First, Width, Scale);
        else if (lanes == 8) MaskedSoftmax.Forward<FloatLanes256>(scores, Stride, Rows, First, Width, Scale);
        else MaskedSoftmax.Forward<FloatLanes32>(scores, Stride, Rows, First, Width, Scale);
    }

    private static float[] Numbers(string purpose)
    {
        var stream = new RandomStream(1, 0, purpose);
        return [.. Enumerable.Range(0, Rows * Stride).Select(_ => (float)(4 * stream.NextNormal()))];
    }
}
