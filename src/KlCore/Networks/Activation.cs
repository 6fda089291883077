namespace KlCore.Networks;

/// <summary>What a layer does to each of its weighted sums z; softmax to all of a row together.</summary>
public enum Activation
{
    /// <summary>z</summary>
    Linear,

    /// <summary>max(0, z), with derivative 0 at 0</summary>
    Relu,

    /// <summary>z for z &gt; 0, else 0.01 z</summary>
    LeakyRelu,

    /// <summary>1 / (1 + e^-z)</summary>
    Sigmoid,

    /// <summary>tanh z</summary>
    Tanh,

    /// <summary>z Phi(z), with the distribution function Phi of the standard normal (Hendrycks and Gimpel, 2016)</summary>
    Gelu,

    /// <summary>z / (1 + e^-z), also called swish</summary>
    Silu,

    /// <summary>ln(1 + e^z)</summary>
    Softplus,

    /// <summary>e^z_i / sum e^z_j</summary>
    Softmax,
}
