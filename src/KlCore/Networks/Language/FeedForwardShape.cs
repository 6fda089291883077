namespace KlCore.Networks.Language;

/// <summary>How large a <see cref="FeedForward"/> is.</summary>
/// <param name="Vocabulary">How many tokens there are.</param>
/// <param name="Context">How many tokens it looks at.</param>
/// <param name="Width">Numbers that stand for a token.</param>
/// <param name="Hidden">Units of the hidden layer.</param>
/// <param name="Activation">What they do.</param>
/// <param name="Dropout">Which part of them is left out in training.</param>
internal sealed record FeedForwardShape(int Vocabulary, int Context, int Width, int Hidden, Activation Activation = Activation.Tanh, double Dropout = 0)
{
    /// <summary>How many numbers are learnt.</summary>
    public long Parameters => (long)(Vocabulary + 1) * Width + (long)Hidden * (Context * (long)Width + 1) + (long)Vocabulary * (Hidden + 1);

    /// <summary>Multiplications and additions for an example forth and back: six for each weight that is not an embedding's.</summary>
    public double TrainingFlops => 6.0 * Hidden * ((double)Context * Width + Vocabulary);

    /// <summary>Numbers that are kept of an example between the passes, with their derivatives.</summary>
    public long Activations => 2L * Context * Width + 4L * Hidden + Vocabulary;
}
