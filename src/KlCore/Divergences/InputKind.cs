namespace KlCore.Divergences;

/// <summary>What the numbers of a distribution are.</summary>
public enum InputKind
{
    /// <summary>At least 0 each, summing to 1 within the tolerance; then divided by their exact sum.</summary>
    Probabilities,

    /// <summary>At least 0 each, with a positive sum: counts, masses. Divided by their exact sum.</summary>
    Weights,

    /// <summary>Natural logarithms of probabilities; -Infinity is a probability of 0.</summary>
    LogProbabilities,

    /// <summary>Scores whose softmax is the distribution; -Infinity masks a category.</summary>
    Logits,
}
