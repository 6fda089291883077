namespace KlCore.Networks;

/// <summary>What is to be known about an activation.</summary>
/// <param name="Activation">Which.</param>
/// <param name="Formula">a in ASCII, z the pre-activation.</param>
/// <param name="Derivative">da/dz.</param>
/// <param name="Range">The values it takes.</param>
/// <param name="Conventions">What frameworks call it, and where theirs differs.</param>
public sealed record ActivationDescription(Activation Activation, string Formula, string Derivative, string Range, string Conventions)
{
    /// <summary>Every activation.</summary>
    public static IReadOnlyList<ActivationDescription> All { get; } =
    [
        new(Activation.Linear, "z", "1", "(-Infinity, Infinity)", "Keras activation=None; PyTorch's Linear alone"),
        new(Activation.Relu, "max(0, z)", "1 for z > 0, else 0 (also at 0)", "[0, Infinity)", "the derivative at 0 is 0 in Keras and PyTorch too"),
        new(Activation.LeakyRelu, "z for z > 0, else negativeSlope z", "1 for z > 0, else negativeSlope", "(-Infinity, Infinity)", "negativeSlope is 0.01 unless given, as in PyTorch; Keras has 0.3 (0.2 as a function)"),
        new(Activation.Sigmoid, "s(z) = 1 / (1 + e^-z)", "s(z) s(-z)", "[0, 1]", "the same everywhere"),
        new(Activation.Tanh, "tanh z", "1 - tanh(z)^2", "[-1, 1]", "the same everywhere"),
        new(Activation.Gelu, "z Phi(z) = z erfc(-z / sqrt 2) / 2", "Phi(z) + z phi(z)", "[-0.17, Infinity)", "the exact form, PyTorch's and Keras' default; not the approximation by tanh, which differs by up to 5e-4"),
        new(Activation.Silu, "z s(z)", "s(z) (1 + z s(-z))", "[-0.2785, Infinity)", "swish"),
        new(Activation.Softplus, "ln(1 + e^z)", "s(z)", "[0, Infinity)", "PyTorch with beta = 1 and without its threshold at 20, above which it returns z"),
        new(Activation.Softmax, "a_j = e^z_j / sum_k e^z_k", "da_j/dz_k = a_j (1[j = k] - a_k)", "[0, 1], sums to 1", "over the units of the layer, row by row"),
    ];
}
