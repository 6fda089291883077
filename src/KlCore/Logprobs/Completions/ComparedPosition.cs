namespace KlCore.Logprobs.Completions;

/// <summary>By what positions of two documents belong together.</summary>
public enum Alignment
{
    /// <summary>As long as both texts have the same tokens: after the first difference the models answer different questions.</summary>
    Tokens,

    /// <summary>By their number, whatever the tokens are.</summary>
    Index,
}

/// <summary>One position of both documents.</summary>
public sealed record ComparedPosition
{
    /// <summary>Which, counted from 0 in the documents.</summary>
    public required int Index { get; init; }

    /// <summary>The token that stands there in p, if it is known.</summary>
    public required TokenName? TokenP { get; init; }

    /// <summary>The token that stands there in q, if it is known.</summary>
    public required TokenName? TokenQ { get; init; }

    /// <summary>What is guaranteed.</summary>
    public required PositionBounds Bounds { get; init; }

    /// <summary>The mass of p that is scored.</summary>
    public required double CoverageP { get; init; }

    /// <summary>The mass of q that is scored.</summary>
    public required double CoverageQ { get; init; }

    /// <summary>The length of the lists of most likely tokens that both have.</summary>
    public required int TopK { get; init; }

    /// <summary>How many tokens the two lists of that length share.</summary>
    public required int Shared { get; init; }

    /// <summary>Whether the most likely token is the same; null if a list does not tell.</summary>
    public required bool? SameTop1 { get; init; }
}

/// <summary>The brackets of the means over positions.</summary>
/// <param name="Forward">KL(p || q).</param>
/// <param name="Reverse">KL(q || p).</param>
/// <param name="JensenShannon">Jensen-Shannon.</param>
/// <param name="TotalVariation">Total variation.</param>
/// <param name="Hellinger">Hellinger.</param>
public sealed record MeanBounds(Bracket Forward, Bracket Reverse, Bracket JensenShannon, Bracket TotalVariation, Bracket Hellinger);
