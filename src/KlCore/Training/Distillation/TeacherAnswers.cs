namespace KlCore.Training.Distillation;

/// <summary>The teacher's probabilities at the temperature of the training, and their logarithms: computed once, since the teacher does not learn.</summary>
internal sealed class TeacherAnswers
{
    private readonly float[] _probabilities, _logarithms;

    public TeacherAnswers(float[][] logits, double temperature)
    {
        (Logits, Width) = (logits, logits[0].Length);
        (_probabilities, _logarithms) = (new float[logits.Length * Width], new float[logits.Length * Width]);
        for (var i = 0; i < logits.Length; i++)
        {
            var largest = logits[i].Max();
            var normaliser = Math.Log(logits[i].Sum(logit => Math.Exp((logit - largest) / temperature)));
            for (var j = 0; j < Width; j++)
            {
                var logarithm = ((double)logits[i][j] - largest) / temperature - normaliser;
                (_probabilities[i * Width + j], _logarithms[i * Width + j]) = ((float)Math.Exp(logarithm), (float)logarithm);
            }
        }
    }

    /// <summary>The logits as the teacher gave them.</summary>
    public float[][] Logits { get; }

    /// <summary>How many classes there are.</summary>
    public int Width { get; }

    /// <summary>p of an example.</summary>
    public ReadOnlySpan<float> Probabilities(int example) => _probabilities.AsSpan(example * Width, Width);

    /// <summary>ln p of an example.</summary>
    public ReadOnlySpan<float> Logarithms(int example) => _logarithms.AsSpan(example * Width, Width);
}
