using KlCore.Numerics;

namespace KlCore.Networks.Objectives;

/// <summary>
/// -sum t ln softmax(z) on the logits z of each row, in nats, where t is 1 for the row's label, or with label smoothing s: 1 - s there and s / K more
/// everywhere. Computed as ln sum e^z - z_label, so that no certainty overflows it.
/// </summary>
internal static class SoftmaxCrossEntropy
{
    /// <summary>The mean over the rows, and its derivative (softmax(z) - t) / rows.</summary>
    /// <param name="logits">A row for each example, a column for each class.</param>
    /// <param name="labels">The class of each row.</param>
    /// <param name="gradient">Receives the derivative, if it is not empty; may be the memory of the logits.</param>
    /// <param name="smoothing">s, from 0 to 1.</param>
    /// <param name="weights">What the loss of each class is multiplied with, before it is divided by the number of rows; all 1 if empty.</param>
    public static double Evaluate(Batch logits, ReadOnlySpan<int> labels, Batch gradient, double smoothing = 0, ReadOnlySpan<float> weights = default)
    {
        double total = 0;
        for (var row = 0; row < logits.Rows; row++)
        {
            var weight = weights.IsEmpty ? 1 : weights[labels[row]];
            var derivative = gradient.Values.IsEmpty ? default : gradient[row];
            total += weight * Row(logits[row], labels[row], smoothing, weight / logits.Rows, derivative);
        }

        return total / logits.Rows;
    }

    private static double Row(ReadOnlySpan<float> z, int label, double smoothing, float scale, Span<float> derivative)
    {
        // The derivative may lie where the logits are.
        double logit = z[label], total = 0;
        if (smoothing > 0)
            foreach (var value in z) total += value;
        var sum = FloatSoftmax.Exponentials(z, derivative, out var largest);
        var loss = Math.Log(sum) + (1 - smoothing) * (largest - logit) + (smoothing > 0 ? smoothing * (largest - total / z.Length) : 0);
        if (derivative.IsEmpty) return loss;
        FloatLoop.Run(new Affine((float)(scale / sum), -(float)(scale * smoothing / z.Length)), derivative, derivative, derivative);
        derivative[label] -= (float)(scale * (1 - smoothing));
        return loss;
    }
}
