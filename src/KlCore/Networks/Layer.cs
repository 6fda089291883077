using KlCore.Numerics;

namespace KlCore.Networks;

/// <summary>
/// A part of a network: rows of numbers go in and rows come out, and derivatives go the other way. What a layer learns it announces to the
/// <see cref="Parameters"/> given to its constructor. It keeps what the backward pass needs of the last forward pass, and allocates only in
/// <see cref="Prepare"/>.
/// </summary>
internal abstract class Layer(int inputs, int outputs)
{
    /// <summary>Numbers in a row that goes in.</summary>
    public int Inputs { get; } = inputs;

    /// <summary>Numbers in a row that comes out.</summary>
    public int Outputs { get; } = outputs;

    /// <summary>Gives the parameters the values with which training begins. Their memory is laid out.</summary>
    /// <param name="stream">Random numbers for this model, drawn layer by layer.</param>
    public virtual void Initialize(RandomStream stream)
    {
    }

    /// <summary>Makes room for batches of up to this many rows.</summary>
    public virtual void Prepare(int maximumRows)
    {
    }

    /// <summary>Computes the output.</summary>
    public abstract void Forward(Batch input, Batch output, Pass pass);

    /// <summary>
    /// Sets the gradient of the layer's parameters, and with <paramref name="wantsInputGradient"/> also that of its input, from that of its output.
    /// </summary>
    /// <param name="input">What the last forward pass was given.</param>
    /// <param name="output">What it gave.</param>
    /// <param name="outputGradient">The derivative of the loss with respect to the output; may be overwritten.</param>
    /// <param name="inputGradient">Receives the derivative with respect to the input.</param>
    /// <param name="wantsInputGradient">Whether anybody reads that.</param>
    public abstract void Backward(Batch input, Batch output, Batch outputGradient, Batch inputGradient, bool wantsInputGradient);
}
