using KlCore.Numerics;

namespace KlCore.Networks;

/// <summary>In training each number is left out with a probability and the others grow by 1 / (1 - probability), so that their mean stays.</summary>
/// <remarks>Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, Dropout, JMLR 15 (2014).</remarks>
internal sealed class Dropout(string name, int width, double probability) : Layer(width, width)
{
    private FloatBuffer? _factors;

    public override void Prepare(int maximumRows) => _factors = new FloatBuffer(maximumRows * Outputs);

    public override void Forward(Batch input, Batch output, Pass pass)
    {
        if (!pass.IsTraining || probability == 0)
        {
            input.Values.CopyTo(output.Values);
            return;
        }

        var stream = new RandomStream(pass.Seed, pass.Step, name);
        var kept = (float)(1 / (1 - probability));
        var factors = _factors!.Span;
        for (var i = 0; i < input.Values.Length; i++)
        {
            factors[i] = stream.NextUniform() < probability ? 0 : kept;
            output.Values[i] = input.Values[i] * factors[i];
        }
    }

    public override void Backward(Batch input, Batch output, Batch outputGradient, Batch inputGradient, bool wantsInputGradient)
    {
        if (!wantsInputGradient) return;
        var factors = _factors!.Span;
        for (var i = 0; i < inputGradient.Values.Length; i++) inputGradient.Values[i] = probability == 0 ? outputGradient.Values[i] : outputGradient.Values[i] * factors[i];
    }
}
