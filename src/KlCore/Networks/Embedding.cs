using KlCore.Numerics;

namespace KlCore.Networks;

/// <summary>A learnt row for each of so many things that are counted, as tokens are, or positions.</summary>
/// <remarks>Not a <see cref="Layer"/>, since what goes in are numbers of rows.</remarks>
internal sealed class Embedding(Parameters parameters, string name, int count, int width)
{
    /// <summary>The rows: count by width.</summary>
    public Parameter Rows { get; } = parameters.Add($"{name}.weight", count, width);

    /// <summary>Numbers in a row.</summary>
    public int Width { get; } = width;

    /// <summary>Normal with mean 0.</summary>
    public void Initialize(RandomStream stream, double standardDeviation)
    {
        foreach (ref var value in Rows.Values) value = (float)(standardDeviation * stream.NextNormal());
    }

    /// <summary>Copies the row of each index.</summary>
    public void Forward(ReadOnlySpan<int> indices, Batch output)
    {
        var rows = Rows.Values;
        for (var i = 0; i < indices.Length; i++) rows.Slice(indices[i] * Width, Width).CopyTo(output[i]);
    }

    /// <summary>Adds the derivative of each row that was copied to the gradient of where it came from; others have zero.</summary>
    /// <param name="indices">What the forward pass was given.</param>
    /// <param name="outputGradient">The derivative of the loss with respect to what it gave.</param>
    /// <param name="adds">Whether there is a gradient already, as where the rows serve elsewhere too.</param>
    public void Backward(ReadOnlySpan<int> indices, Batch outputGradient, bool adds = false)
    {
        var gradient = Rows.Gradient;
        if (!adds) gradient.Clear();
        for (var i = 0; i < indices.Length; i++)
        {
            var sum = gradient.Slice(indices[i] * Width, Width);
            FloatLoop.Run(new Plus(), outputGradient[i], sum, sum);
        }
    }
}
