using KlCore.Numerics;

namespace KlCore.Networks;

/// <summary>x + f(x) for a layer f whose output is as wide as its input.</summary>
/// <remarks>He, Zhang, Ren, Sun, Deep residual learning for image recognition, CVPR 2016.</remarks>
internal sealed class Residual(Layer branch) : Layer(branch.Inputs, branch.Outputs)
{
    private FloatBuffer? _output, _gradient;

    public override void Initialize(RandomStream stream) => branch.Initialize(stream);

    public override void Prepare(int maximumRows)
    {
        branch.Prepare(maximumRows);
        (_output, _gradient) = (new FloatBuffer(maximumRows * Outputs), new FloatBuffer(maximumRows * Outputs));
    }

    public override void Forward(Batch input, Batch output, Pass pass)
    {
        // The branch has memory of its own for its output: its backward pass must find there what it gave.
        var own = _output!.Rows(input.Rows, Outputs);
        branch.Forward(input, own, pass);
        FloatLoop.Run(default(Plus), input.Values, own.Values, output.Values);
    }

    public override void Backward(Batch input, Batch output, Batch outputGradient, Batch inputGradient, bool wantsInputGradient)
    {
        // Likewise for the gradient, which a branch may overwrite.
        var own = _gradient!.Rows(input.Rows, Outputs);
        outputGradient.Values.CopyTo(own.Values);
        branch.Backward(input, _output!.Rows(input.Rows, Outputs), own, inputGradient, wantsInputGradient);
        if (wantsInputGradient) FloatLoop.Run(default(Plus), inputGradient.Values, outputGradient.Values, inputGradient.Values);
    }
}
