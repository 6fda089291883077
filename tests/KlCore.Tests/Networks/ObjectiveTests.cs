using KlCore.Networks;
using KlCore.Networks.Objectives;

namespace KlCore.Tests.Networks;

public class ObjectiveTests
{
    private static readonly float[] Logits = [1, -2, 0.5f, 3, 0, -1];

    [Fact]
    public void SoftmaxCrossEntropy_IsTheLogarithmOfTheLabelsShare()
    {
        double LogShare(int row, int label) => Logits[3 * row + label] - Math.Log(Logits.Skip(3 * row).Take(3).Sum(z => Math.Exp(z)));
        int[] labels = [2, 0];
        var gradient = new float[6];
        var loss = SoftmaxCrossEntropy.Evaluate(new Batch(Logits, 2, 3), labels, new Batch(gradient, 2, 3));
        Assert.Equal(-(LogShare(0, 2) + LogShare(1, 0)) / 2, loss, 1e-6);
        for (var i = 0; i < 6; i++) Assert.Equal((Math.Exp(LogShare(i / 3, i % 3)) - (labels[i / 3] == i % 3 ? 1 : 0)) / 2, gradient[i], 1e-6);

        var smoothed = SoftmaxCrossEntropy.Evaluate(new Batch(Logits, 2, 3), labels, new Batch(gradient, 2, 3), 0.3);
        double Smoothed(int row) => 0.7 * LogShare(row, labels[row]) + 0.1 * (LogShare(row, 0) + LogShare(row, 1) + LogShare(row, 2));
        Assert.Equal(-(Smoothed(0) + Smoothed(1)) / 2, smoothed, 1e-6);
        Assert.Equal(0, gradient.Sum(), 1e-6);

        var weighted = SoftmaxCrossEntropy.Evaluate(new Batch(Logits, 2, 3), labels, default, 0, [2, 1, 5]);
        Assert.Equal(-(5 * LogShare(0, 2) + 2 * LogShare(1, 0)) / 2, weighted, 1e-6);
    }

    [Fact]
    public void SoftmaxCrossEntropy_OfHugeLogits_IsExact() =>
        Assert.Equal(1600, SoftmaxCrossEntropy.Evaluate(new Batch((float[])[800, -800], 1, 2), [1], default));

    [Fact]
    public void SquaredError_IsTheMeanOverAllNumbers()
    {
        var gradient = new float[4];
        Assert.Equal(7.5, SquaredError.Evaluate(new Batch((float[])[1, 2, 3, 4], 2, 2), new Batch((float[])[0, 0, 0, 0], 2, 2), new Batch(gradient, 2, 2)));
        Assert.Equal([0.5f, 1, 1.5f, 2], gradient);
    }

    [Fact]
    public void BinaryCrossEntropy_IsTheSumOverARow()
    {
        float[] z = [0.3f, -4, 200, -200], t = [1, 0.25f, 0, 1], gradient = new float[4];
        double One(double logit, double target) => target * Math.Log(1 + Math.Exp(-logit)) + (1 - target) * Math.Log(1 + Math.Exp(logit));
        var loss = BinaryCrossEntropy.Evaluate(new Batch(z, 2, 2), new Batch(t, 2, 2), new Batch(gradient, 2, 2));
        Assert.Equal((One(0.3f, 1) + One(-4, 0.25) + 400) / 2, loss, 1e-5);
        Assert.Equal((1 / (1 + Math.Exp(4)) - 0.25) / 2, gradient[1], 1e-7);
        Assert.Equal([0.5f, -0.5f], gradient[2..]);
    }
}
