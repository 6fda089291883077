using KlCore.Numerics;

namespace KlCore.Networks;

/// <summary>In training each number is left out with a probability and the others grow by 1 / (1 - probability), so that their mean stays.</summary>
/// <remarks>Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, Dropout, JMLR 15 (2014).</remarks>
internal sealed class Dropout(string name, int width, double probability) : Layer(width, width)
{
    private const double Choices = 1 << 16;

    private FloatBuffer? _factors;

    public override void Prepare(int maximumRows) => _factors = new FloatBuffer(maximumRows * Outputs);

    public override void Forward(Batch input, Batch output, Pass pass)
    {
        if (!pass.IsTraining || probability == 0)
        {
            input.Values.CopyTo(output.Values);
            return;
        }

        // Sixteen bits decide on a number, so a draw serves four; what is kept grows by what is really kept on average.
        var threshold = (ulong)Math.Round(probability * Choices);
        var kept = (float)(Choices / (Choices - threshold));
        var stream = new RandomStream(pass.Seed, pass.Step, name);
        var factors = _factors!.Span[..input.Values.Length];
        ulong bits = 0;
        for (var i = 0; i < factors.Length; i++)
        {
            bits = i % 4 == 0 ? stream.NextBits() : bits >> 16;
            factors[i] = (bits & 0xFFFF) < threshold ? 0 : kept;
        }

        FloatLoop.Run(new Times(), input.Values, factors, output.Values);
    }

    public override void Backward(Batch input, Batch output, Batch outputGradient, Batch inputGradient, bool wantsInputGradient)
    {
        if (!wantsInputGradient) return;
        if (probability == 0) outputGradient.Values.CopyTo(inputGradient.Values);
        else FloatLoop.Run(new Times(), outputGradient.Values, _factors!.Span[..inputGradient.Values.Length], inputGradient.Values);
    }
}
