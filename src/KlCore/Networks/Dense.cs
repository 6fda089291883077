using KlCore.Numerics;

namespace KlCore.Networks;

/// <summary>
/// Every output is connected with every input: a(x W + b) for a row x.
/// </summary>
/// <remarks>
/// Weights begin uniform between ±sqrt(6 / (inputs + outputs)) (Glorot and Bengio, AISTATS 2010), whatever the activation, and biases at 0: Keras' defaults.
/// </remarks>
internal sealed class Dense : Layer
{
    private readonly Activation _activation;
    private readonly Parameter _weights;
    private readonly Parameter? _bias;
    private readonly ParallelProduct _product = new();
    private FloatBuffer? _sums;

    public Dense(Parameters parameters, string name, int inputs, int outputs, Activation activation = Activation.Linear, bool hasBias = true)
        : base(inputs, outputs)
    {
        _activation = activation;
        _weights = parameters.AddWeights($"{name}.weights", inputs, outputs);
        _bias = hasBias ? parameters.Add($"{name}.bias", outputs) : null;
    }

    /// <summary>W, inputs by outputs.</summary>
    public Parameter Weights => _weights;

    /// <summary>b, or null if there is none.</summary>
    public Parameter? Bias => _bias;

    public override void Initialize(RandomStream stream)
    {
        var limit = Math.Sqrt(6.0 / (Inputs + Outputs));
        foreach (ref var weight in _weights.Values) weight = (float)(limit * (2 * stream.NextUniform() - 1));
        _bias?.Values.Clear();
    }

    public override void Prepare(int maximumRows)
    {
        if (FloatActivation.NeedsSums(_activation)) _sums = new FloatBuffer(maximumRows * Outputs);
    }

    public override void Forward(Batch input, Batch output, Pass pass)
    {
        var sums = Sums(output);
        // A rectifier costs nothing where the sums are made.
        var rectify = _activation == Activation.Relu;
        _product.Multiply(
            input.Rows, Outputs, Inputs, input.Values, Inputs, false, _weights.Values, Outputs, false, sums.Values, Outputs, _bias is null ? [] : _bias.Values, rectify);
        if (!rectify) FloatActivation.Forward(_activation, sums, output);
    }

    public override void Backward(Batch input, Batch output, Batch outputGradient, Batch inputGradient, bool wantsInputGradient)
    {
        FloatActivation.Backward(_activation, Sums(output), output, outputGradient);
        _product.Multiply(Inputs, Outputs, input.Rows, input.Values, Inputs, true, outputGradient.Values, Outputs, false, _weights.Gradient, Outputs);
        if (_bias is not null) FloatSums.OfRows(outputGradient.Values, Outputs, _bias.Gradient);
        if (wantsInputGradient)
            _product.Multiply(input.Rows, Inputs, Outputs, outputGradient.Values, Outputs, false, _weights.Values, Outputs, true, inputGradient.Values, Inputs);
    }

    /// <summary>Where the weighted sums are: in memory of their own where the output does not tell enough of them.</summary>
    private Batch Sums(Batch output) => _sums is null ? output : _sums.Rows(output.Rows, Outputs);
}
