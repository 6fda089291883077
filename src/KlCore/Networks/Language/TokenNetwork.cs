using KlCore.Numerics;

namespace KlCore.Networks.Language;

/// <summary>
/// A network that reads tokens and says, as logits over the vocabulary, what it thinks comes next. Sequences of one length go in together; of each
/// the logits after its last tokens come out.
/// </summary>
/// <param name="vocabulary">How many tokens there are.</param>
/// <param name="context">How many tokens it looks at, at most.</param>
internal abstract class TokenNetwork(int vocabulary, int context)
{
    /// <summary>How many tokens there are; as many logits are in a row.</summary>
    public int Vocabulary { get; } = vocabulary;

    /// <summary>How many tokens it looks at, at most: the longest sequence.</summary>
    public int Context { get; } = context;

    /// <summary>After how many tokens of a sequence it learns to continue: after each, or after the last alone.</summary>
    public abstract int RowsPerSequence { get; }

    /// <summary>Whether it needs all of its context, the beginning filled up with the number that follows those of the tokens.</summary>
    public abstract bool IsPadded { get; }

    /// <summary>Gives the parameters the values with which training begins. Their memory is laid out.</summary>
    public abstract void Initialize(RandomStream stream);

    /// <summary>Makes room for so many sequences at once.</summary>
    public abstract void Prepare(int sequences);

    /// <summary>Computes the logits after the last tokens of each sequence.</summary>
    /// <param name="tokens">The sequences one after the other.</param>
    /// <param name="sequences">How many there are.</param>
    /// <param name="logits">For each sequence the same number of rows, at most its length.</param>
    /// <param name="pass">What for.</param>
    public abstract void Forward(ReadOnlySpan<int> tokens, int sequences, Batch logits, Pass pass);

    /// <summary>Sets the gradient of all parameters, after a forward pass with all of <see cref="RowsPerSequence"/>.</summary>
    /// <param name="tokens">What the forward pass was given.</param>
    /// <param name="logits">What it gave, or whatever took its place.</param>
    /// <param name="logitsGradient">The derivative of the loss with respect to the logits; may be their memory, may be overwritten.</param>
    public abstract void Backward(ReadOnlySpan<int> tokens, Batch logits, Batch logitsGradient);

    /// <summary>Fills weights with normal numbers of mean 0.</summary>
    private protected static void FillNormal(Parameter weights, RandomStream stream, double standardDeviation)
    {
        foreach (ref var value in weights.Values) value = (float)(standardDeviation * stream.NextNormal());
    }
}
