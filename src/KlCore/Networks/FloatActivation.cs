using KlCore.Numerics;

namespace KlCore.Networks;

/// <summary>The activations on rows of floats, and their derivatives.</summary>
internal static class FloatActivation
{
    /// <summary>Whether the derivative needs the weighted sums, where others are content with the output.</summary>
    public static bool NeedsSums(Activation activation) => activation is Activation.Gelu or Activation.Silu;

    /// <summary>Computes the output from the sums; they may be the same memory unless <see cref="NeedsSums"/>.</summary>
    public static void Forward(Activation activation, Batch sums, Batch output)
    {
        switch (activation)
        {
            case Activation.Linear:
                if (sums.Values != output.Values) sums.Values.CopyTo(output.Values);
                break;
            case Activation.Relu: Forward<ReluFormula>(sums, output); break;
            case Activation.LeakyRelu: Forward<LeakyReluFormula>(sums, output); break;
            case Activation.Sigmoid: Forward<SigmoidFormula>(sums, output); break;
            case Activation.Tanh: Forward<TanhFormula>(sums, output); break;
            case Activation.Gelu: Forward<GeluFormula>(sums, output); break;
            case Activation.Silu: Forward<SiluFormula>(sums, output); break;
            case Activation.Softplus: Forward<SoftplusFormula>(sums, output); break;
            case Activation.Softmax:
                for (var i = 0; i < sums.Rows; i++) FloatSoftmax.Probabilities(sums[i], output[i]);
                break;
            default: throw new ArgumentOutOfRangeException(nameof(activation));
        }
    }

    /// <summary>Turns the derivative with respect to the output, in place, into that with respect to the sums.</summary>
    public static void Backward(Activation activation, Batch sums, Batch output, Batch gradient)
    {
        switch (activation)
        {
            case Activation.Linear: break;
            case Activation.Relu: Backward<ReluFormula>(output, gradient); break;
            case Activation.LeakyRelu: Backward<LeakyReluFormula>(output, gradient); break;
            case Activation.Sigmoid: Backward<SigmoidFormula>(output, gradient); break;
            case Activation.Tanh: Backward<TanhFormula>(output, gradient); break;
            case Activation.Gelu: Backward<GeluFormula>(sums, gradient); break;
            case Activation.Silu: Backward<SiluFormula>(sums, gradient); break;
            case Activation.Softplus: Backward<SoftplusFormula>(output, gradient); break;
            case Activation.Softmax:
                for (var i = 0; i < gradient.Rows; i++) ThroughSoftmax(output[i], gradient[i]);
                break;
            default: throw new ArgumentOutOfRangeException(nameof(activation));
        }
    }

    private static void Forward<TFormula>(Batch sums, Batch output) where TFormula : struct, IActivationFormula =>
        FloatLoop.Run(default(ForwardFormula<TFormula>), sums.Values, sums.Values, output.Values);

    private static void Backward<TFormula>(Batch known, Batch gradient) where TFormula : struct, IActivationFormula =>
        FloatLoop.Run(default(BackwardFormula<TFormula>), known.Values, gradient.Values, gradient.Values);

    private static void ThroughSoftmax(ReadOnlySpan<float> q, Span<float> g)
    {
        double mean = 0;
        for (var i = 0; i < g.Length; i++) mean += (double)q[i] * g[i];
        FloatLoop.Run(new ThroughShares((float)mean), q, g, g);
    }

    /// <summary>q (g - mean).</summary>
    private readonly struct ThroughShares(float mean) : IFloatFormula
    {
        public T Of<T>(T x, T y) where T : struct, IFloatLanes<T> => x * (y - T.All(mean));
    }
}
