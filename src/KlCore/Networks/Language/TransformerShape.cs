namespace KlCore.Networks.Language;

/// <summary>How large a <see cref="Transformer"/> is.</summary>
/// <param name="Vocabulary">How many tokens there are.</param>
/// <param name="Layers">Blocks of attention and perceptron.</param>
/// <param name="Width">Numbers that stand for a token: a multiple of the heads.</param>
/// <param name="Heads">Heads of attention in each block.</param>
/// <param name="Context">How many tokens it looks at.</param>
/// <param name="Dropout">Which part of the embeddings and of what each branch gives is left out in training.</param>
/// <param name="IsTied">Whether the logits are the products with the tokens' embeddings, rather than with weights of their own.</param>
internal sealed record TransformerShape(int Vocabulary, int Layers, int Width, int Heads, int Context, double Dropout = 0, bool IsTied = true)
{
    /// <summary>How many numbers are learnt.</summary>
    public long Parameters => (long)Width * (Vocabulary * (IsTied ? 1 : 2) + Context + 2) + Layers * (12L * Width * Width + 13L * Width);

    /// <summary>Multiplications and additions for a sequence forth and back: six for each weight and row, and the attention between rows.</summary>
    public double TrainingFlops => 6.0 * Context * ((double)Width * Vocabulary + Layers * (12.0 * Width * Width + (double)Width * Context));

    /// <summary>Numbers that are kept of a sequence between the passes, with their derivatives.</summary>
    public long Activations => (long)Context * (Layers * (38L * Width + (long)Heads * Context) + 8L * Width + Vocabulary);
}
