namespace KlCore.Networks;

/// <summary>The activations on rows of floats, and their derivatives.</summary>
internal static class FloatActivation
{
    private const float Slope = 0.01f;

    /// <summary>Whether the derivative needs the weighted sums, where others are content with the output.</summary>
    public static bool NeedsSums(Activation activation) => activation is Activation.Gelu or Activation.Silu;

    /// <summary>Computes the output from the sums; they may be the same memory unless <see cref="NeedsSums"/>.</summary>
    public static void Forward(Activation activation, Batch sums, Batch output)
    {
        var z = sums.Values;
        var y = output.Values;
        switch (activation)
        {
            case Activation.Linear:
                if (z != y) z.CopyTo(y);
                break;
            case Activation.Relu:
                for (var i = 0; i < y.Length; i++) y[i] = z[i] < 0 ? 0 : z[i];
                break;
            case Activation.LeakyRelu:
                for (var i = 0; i < y.Length; i++) y[i] = z[i] < 0 ? Slope * z[i] : z[i];
                break;
            case Activation.Sigmoid:
                for (var i = 0; i < y.Length; i++) y[i] = Sigmoid(z[i]);
                break;
            case Activation.Tanh:
                for (var i = 0; i < y.Length; i++) y[i] = MathF.Tanh(z[i]);
                break;
            case Activation.Gelu:
                for (var i = 0; i < y.Length; i++) y[i] = z[i] * Phi(z[i]);
                break;
            case Activation.Silu:
                for (var i = 0; i < y.Length; i++) y[i] = z[i] * Sigmoid(z[i]);
                break;
            case Activation.Softplus:
                for (var i = 0; i < y.Length; i++) y[i] = MathF.Max(z[i], 0) + (float)double.LogP1(Math.Exp(-Math.Abs(z[i])));
                break;
            case Activation.Softmax:
                for (var i = 0; i < sums.Rows; i++) Softmax(sums[i], output[i]);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(activation));
        }
    }

    /// <summary>Turns the derivative with respect to the output, in place, into that with respect to the sums.</summary>
    public static void Backward(Activation activation, Batch sums, Batch output, Batch gradient)
    {
        var z = sums.Values;
        var y = output.Values;
        var g = gradient.Values;
        switch (activation)
        {
            case Activation.Linear:
                break;
            case Activation.Relu:
                for (var i = 0; i < g.Length; i++) g[i] = y[i] > 0 ? g[i] : 0;
                break;
            case Activation.LeakyRelu:
                for (var i = 0; i < g.Length; i++) g[i] = y[i] > 0 ? g[i] : Slope * g[i];
                break;
            case Activation.Sigmoid:
                for (var i = 0; i < g.Length; i++) g[i] *= y[i] * (1 - y[i]);
                break;
            case Activation.Tanh:
                for (var i = 0; i < g.Length; i++) g[i] *= 1 - y[i] * y[i];
                break;
            case Activation.Gelu:
                for (var i = 0; i < g.Length; i++) g[i] *= Phi(z[i]) + z[i] * 0.39894228f * MathF.Exp(-0.5f * z[i] * z[i]);
                break;
            case Activation.Silu:
                for (var i = 0; i < g.Length; i++)
                {
                    var s = Sigmoid(z[i]);
                    g[i] *= s * (1 + z[i] * (1 - s));
                }

                break;
            case Activation.Softplus:
                // 1 - e^-y is the sigmoid of z.
                for (var i = 0; i < g.Length; i++) g[i] *= -(float)double.ExpM1(-y[i]);
                break;
            case Activation.Softmax:
                for (var i = 0; i < gradient.Rows; i++) ThroughSoftmax(output[i], gradient[i]);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(activation));
        }
    }

    /// <summary>Probabilities from logits; may be the same memory.</summary>
    public static void Softmax(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        var largest = float.NegativeInfinity;
        foreach (var logit in logits) largest = MathF.Max(largest, logit);
        double sum = 0;
        for (var i = 0; i < logits.Length; i++)
        {
            probabilities[i] = MathF.Exp(logits[i] - largest);
            sum += probabilities[i];
        }

        var scale = (float)(1 / sum);
        for (var i = 0; i < probabilities.Length; i++) probabilities[i] *= scale;
    }

    private static void ThroughSoftmax(ReadOnlySpan<float> q, Span<float> g)
    {
        double mean = 0;
        for (var i = 0; i < g.Length; i++) mean += (double)q[i] * g[i];
        for (var i = 0; i < g.Length; i++) g[i] = q[i] * (g[i] - (float)mean);
    }

    private static float Sigmoid(float z) => 1 / (1 + MathF.Exp(-z));

    private static float Phi(float z) => (float)(0.5 * MathNet.Numerics.SpecialFunctions.Erfc(-z * Math.Sqrt(0.5)));
}
