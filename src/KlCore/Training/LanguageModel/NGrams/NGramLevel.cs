namespace KlCore.Training.LanguageModel.NGrams;

/// <summary>
/// The different n-grams of one order, in the order of their tokens, so that those with the same beginning are neighbours: the children of that beginning, which is an n-gram of the
/// order below.
/// </summary>
internal sealed class NGramLevel
{
    /// <summary>The last token of each.</summary>
    public required int[] Tokens { get; init; }

    /// <summary>How often each occurs.</summary>
    public required int[] Counts { get; init; }

    /// <summary>Where the children of each begin in the order above, and at the end where those of the last end; empty for the highest order.</summary>
    public required int[] FirstChild { get; init; }

    /// <summary>p of the last token after the others.</summary>
    public required double[] Probabilities { get; init; }

    /// <summary>By what the probability after a shorter context is multiplied for tokens that never followed this n-gram; empty for the highest order.</summary>
    public required double[] Backoffs { get; init; }

    /// <summary>How many there are.</summary>
    public int Length => Tokens.Length;
}
