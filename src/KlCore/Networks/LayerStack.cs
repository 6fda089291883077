using KlCore.Numerics;

namespace KlCore.Networks;

/// <summary>Layers one after the other, with the memory between them.</summary>
internal sealed class LayerStack : Layer
{
    private readonly Layer[] _layers;
    private readonly FloatBuffer[] _outputs, _gradients;

    /// <summary>At least one layer, each as wide at its input as the one before at its output.</summary>
    public LayerStack(params Layer[] layers)
        : base(layers[0].Inputs, layers[^1].Outputs)
    {
        for (var i = 1; i < layers.Length; i++) ArgumentOutOfRangeException.ThrowIfNotEqual(layers[i].Inputs, layers[i - 1].Outputs);
        _layers = layers;
        _outputs = new FloatBuffer[layers.Length - 1];
        _gradients = new FloatBuffer[layers.Length - 1];
    }

    /// <summary>The layers in order.</summary>
    public IReadOnlyList<Layer> Layers => _layers;

    public override void Initialize(RandomStream stream)
    {
        foreach (var layer in _layers) layer.Initialize(stream);
    }

    public override void Prepare(int maximumRows)
    {
        foreach (var layer in _layers) layer.Prepare(maximumRows);
        for (var i = 0; i < _outputs.Length; i++)
            (_outputs[i], _gradients[i]) = (new FloatBuffer(maximumRows * _layers[i].Outputs), new FloatBuffer(maximumRows * _layers[i].Outputs));
    }

    public override void Forward(Batch input, Batch output, Pass pass)
    {
        for (var i = 0; i < _layers.Length; i++) _layers[i].Forward(Before(i, input), i < _outputs.Length ? After(i, input.Rows) : output, pass);
    }

    public override void Backward(Batch input, Batch output, Batch outputGradient, Batch inputGradient, bool wantsInputGradient)
    {
        for (var i = _layers.Length - 1; i >= 0; i--)
        {
            var isLast = i == _outputs.Length;
            _layers[i].Backward(
                Before(i, input),
                isLast ? output : After(i, input.Rows),
                isLast ? outputGradient : _gradients[i].Rows(input.Rows, _layers[i].Outputs),
                i > 0 ? _gradients[i - 1].Rows(input.Rows, _layers[i].Inputs) : inputGradient,
                i > 0 || wantsInputGradient);
        }
    }

    private Batch Before(int layer, Batch input) => layer == 0 ? input : After(layer - 1, input.Rows);

    private Batch After(int layer, int rows) => _outputs[layer].Rows(rows, _layers[layer].Outputs);
}
