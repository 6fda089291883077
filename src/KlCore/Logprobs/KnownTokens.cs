namespace KlCore.Logprobs;

/// <summary>What one side tells about its distribution at one position: the log-probabilities of some tokens.</summary>
public sealed record KnownTokens
{
    /// <summary>The tokens whose log-probability is known, each once.</summary>
    public required int[] Tokens { get; init; }

    /// <summary>Their log-probabilities, at most 0; -Infinity says that the token is impossible.</summary>
    public required double[] LogProbabilities { get; init; }

    /// <summary>By how much each may differ from its true value, since it was printed with few digits or computed in floats; 0 for doubles.</summary>
    public required double[] Uncertainties { get; init; }

    /// <summary>
    /// Which of them make up a list of the most likely tokens: no token that is not known is likelier than the least of these. The others were
    /// scored for another reason, for instance because they were drawn.
    /// </summary>
    public required bool[] Ranked { get; init; }

    /// <summary>Tokens that are named without a value ("very unlikely"): the floor does not hold for them.</summary>
    public int[] Unvalued { get; init; } = [];
}
