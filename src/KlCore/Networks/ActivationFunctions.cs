using KlCore.Numerics;

namespace KlCore.Networks;

/// <summary>
/// The activations in double precision, formula and derivative beside each other: accurate to a few units in the last place also in their tails, never
/// NaN for a number, with their limits at the infinities. The engine that trains in single precision is measured by these.
/// </summary>
public static class ActivationFunctions
{
    /// <summary>What a leaky ReLU multiplies negative numbers with, unless told otherwise: PyTorch's default.</summary>
    public const double DefaultNegativeSlope = 0.01;

    /// <summary>Whether the activation treats each number by itself; only softmax looks at the whole layer.</summary>
    public static bool IsPointwise(Activation activation) => activation != Activation.Softmax;

    /// <summary>The activation of one pre-activation.</summary>
    /// <param name="activation">Any that is pointwise.</param>
    /// <param name="z">The pre-activation; may be infinite.</param>
    /// <param name="negativeSlope">Of a leaky ReLU.</param>
    public static double Value(Activation activation, double z, double negativeSlope = DefaultNegativeSlope) => activation switch
    {
        Activation.Linear => z,
        Activation.Relu => Math.Max(z, 0),
        Activation.LeakyRelu => z > 0 ? z : negativeSlope == 0 && double.IsInfinity(z) ? 0 : negativeSlope * z,
        Activation.Sigmoid => Sigmoid(z),
        Activation.Tanh => Math.Tanh(z),
        Activation.Gelu => double.IsNegativeInfinity(z) ? 0 : z * StandardNormal.Cumulative(z),
        Activation.Silu => double.IsNegativeInfinity(z) ? 0 : z * Sigmoid(z),
        Activation.Softplus => Math.Max(z, 0) + Elementary.Log1p(Math.Exp(-Math.Abs(z))),
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };

    /// <summary>
    /// The derivative of <see cref="Value"/>. Where there is none, at the corner of the rectifiers, it is the one from the left, as everywhere in
    /// practice: 0 of ReLU, the negative slope of a leaky one.
    /// </summary>
    public static double Derivative(Activation activation, double z, double negativeSlope = DefaultNegativeSlope) => activation switch
    {
        Activation.Linear => 1,
        Activation.Relu => z > 0 ? 1 : 0,
        Activation.LeakyRelu => z > 0 ? 1 : negativeSlope,
        Activation.Sigmoid => Bump(Math.Exp(-Math.Abs(z))),
        // 1 - tanh^2 = 4 s(2z) s(-2z), which does not cancel.
        Activation.Tanh => 4 * Bump(Math.Exp(-2 * Math.Abs(z))),
        Activation.Gelu => StandardNormal.Cumulative(z) + Vanishing(z, StandardNormal.Density(z)),
        Activation.Silu => Sigmoid(z) + Vanishing(z, Bump(Math.Exp(-Math.Abs(z)))),
        Activation.Softplus => Sigmoid(z),
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };

    /// <summary>The activations of a whole layer.</summary>
    /// <param name="activation">Any.</param>
    /// <param name="z">The pre-activations.</param>
    /// <param name="a">Receives the activations; NaN only where softmax meets +Infinity, or nothing but -Infinity.</param>
    /// <param name="negativeSlope">Of a leaky ReLU.</param>
    public static void Apply(Activation activation, ReadOnlySpan<double> z, Span<double> a, double negativeSlope = DefaultNegativeSlope)
    {
        if (IsPointwise(activation))
        {
            for (var j = 0; j < z.Length; j++) a[j] = Value(activation, z[j], negativeSlope) + 0.0;
            return;
        }

        var largest = double.NegativeInfinity;
        foreach (var logit in z) largest = Math.Max(largest, logit);
        CompensatedSum sum = default;
        for (var j = 0; j < z.Length; j++) sum.Add(a[j] = Math.Exp(z[j] - largest));
        for (var j = 0; j < z.Length; j++) a[j] /= sum.Value;
    }

    /// <summary>
    /// The chain rule through the layer's activation: dL/dz from dL/da. Pointwise it is the product with the derivative; of softmax
    /// a_j (g_j - sum a g), seen from the likeliest class, whose own would cancel where it is all but certain.
    /// </summary>
    /// <param name="activation">Any.</param>
    /// <param name="z">The pre-activations.</param>
    /// <param name="a">Their activations.</param>
    /// <param name="upstream">dL/da.</param>
    /// <param name="delta">Receives dL/dz.</param>
    /// <param name="negativeSlope">Of a leaky ReLU.</param>
    public static void PullBack(Activation activation, ReadOnlySpan<double> z, ReadOnlySpan<double> a, ReadOnlySpan<double> upstream, Span<double> delta, double negativeSlope = DefaultNegativeSlope)
    {
        if (!IsPointwise(activation))
        {
            PullBackSoftmax(a, upstream, delta);
            return;
        }

        for (var j = 0; j < z.Length; j++)
        {
            var slope = Derivative(activation, z[j], negativeSlope);
            // What is cut off stays so, however large it is beyond; and no zero has a sign.
            delta[j] = slope == 0 ? 0 : slope * upstream[j] + 0.0;
        }
    }

    private static void PullBackSoftmax(ReadOnlySpan<double> a, ReadOnlySpan<double> upstream, Span<double> delta)
    {
        var likeliest = 0;
        for (var j = 1; j < a.Length; j++)
            if (a[j] > a[likeliest]) likeliest = j;
        CompensatedSum mean = default;
        for (var j = 0; j < a.Length; j++) mean.AddProduct(a[j], upstream[j] - upstream[likeliest]);
        for (var j = 0; j < a.Length; j++) delta[j] = a[j] * (upstream[j] - upstream[likeliest] - mean.Value) + 0.0;
    }

    private static double Sigmoid(double z)
    {
        var e = Math.Exp(-Math.Abs(z));
        return (z < 0 ? e : 1) / (1 + e);
    }

    /// <summary>s(z) s(-z) from e = e^-|z|.</summary>
    private static double Bump(double e) => e / ((1 + e) * (1 + e));

    /// <summary>z times something that falls to 0 faster than z grows.</summary>
    private static double Vanishing(double z, double factor) => factor == 0 ? 0 : z * factor;
}
