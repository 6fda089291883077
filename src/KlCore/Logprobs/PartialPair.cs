namespace KlCore.Logprobs;

/// <summary>A log-probability and by how much it may differ from its true value.</summary>
internal readonly record struct Known(double Log, double Uncertainty)
{
    /// <summary>The least that the true value can be.</summary>
    public double Low => Log - Uncertainty;

    /// <summary>The most; no logarithm of a probability is above 0.</summary>
    public double High => Uncertainty == 0 ? Log : Math.Min(0, Log + Uncertainty);
}

/// <summary>A token that one side lists and the other does not: the other's mass lies between a floor and the other's cap.</summary>
internal readonly record struct HalfKnown(Known Value, double Floor);

/// <summary>
/// Two lists beside each other: tokens known on both sides, tokens known on one, and the free ones known on neither. From it every bound
/// follows; which tokens they are does not matter any more.
/// </summary>
internal sealed class PartialPair
{
    private PartialPair(SideFacts p, SideFacts q) => (P, Q) = (p, q);

    public SideFacts P { get; }

    public SideFacts Q { get; }

    /// <summary>The tokens known on both sides.</summary>
    public List<(Known P, Known Q)> Both { get; } = [];

    /// <summary>The tokens that only p tells of; what is between bounds is q.</summary>
    public List<HalfKnown> OnlyP { get; } = [];

    /// <summary>The tokens that only q tells of; what is between bounds is p.</summary>
    public List<HalfKnown> OnlyQ { get; } = [];

    /// <summary>How many tokens neither side tells of; +Infinity if the vocabulary is not known.</summary>
    public double Free { get; private init; }

    /// <summary>The least mass of each free token under p and under q.</summary>
    public (double P, double Q) FreeFloor { get; private set; }

    /// <summary>Whether a value is only known up to its rounding.</summary>
    public bool IsRounded =>
        Both.Exists(token => token.P.Uncertainty > 0 || token.Q.Uncertainty > 0) || OnlyP.Exists(token => token.Value.Uncertainty > 0) || OnlyQ.Exists(token => token.Value.Uncertainty > 0);

    /// <summary>The same with the sides exchanged.</summary>
    public PartialPair Exchanged()
    {
        var other = new PartialPair(Q, P) { Free = Free, FreeFloor = (FreeFloor.Q, FreeFloor.P) };
        other.Both.AddRange(Both.Select(token => (token.Q, token.P)));
        other.OnlyP.AddRange(OnlyQ);
        other.OnlyQ.AddRange(OnlyP);
        return other;
    }

    /// <summary>Reads two lists.</summary>
    /// <exception cref="InvalidInputException">The vocabulary is smaller than what is listed.</exception>
    /// <exception cref="NotComputableException">There are no distributions with these lists.</exception>
    public static PartialPair Of(KnownTokens p, KnownTokens q, BoundOptions options, int position = 0)
    {
        var inQ = IndexOf(q);
        var (shared, named) = (0, new HashSet<int>(q.Tokens));
        foreach (var token in p.Tokens)
        {
            if (inQ.ContainsKey(token)) shared++;
            named.Add(token);
        }

        var known = named.Count;
        named.UnionWith(p.Unvalued);
        named.UnionWith(q.Unvalued);
        if (options.Vocabulary < named.Count)
            throw new InvalidInputException("vocabulary", $"must be at least {named.Count}, since so many tokens are named at position {position}, was {options.Vocabulary}");
        double vocabulary = options.Vocabulary ?? double.PositiveInfinity;
        var pair = new PartialPair(
            SideFacts.Of(p, vocabulary - p.Tokens.Length, q.Tokens.Length - shared, options, $"p at position {position}"),
            SideFacts.Of(q, vocabulary - q.Tokens.Length, p.Tokens.Length - shared, options, $"q at position {position}"))
        { Free = vocabulary - known };
        pair.Fill(p, q, inQ, named.Count > known);
        return pair;
    }

    private void Fill(KnownTokens p, KnownTokens q, Dictionary<int, int> inQ, bool someFreeAreUnvalued)
    {
        var (vagueP, vagueQ) = (p.Unvalued.ToHashSet(), q.Unvalued.ToHashSet());
        for (var i = 0; i < p.Tokens.Length; i++)
        {
            if (inQ.TryGetValue(p.Tokens[i], out var at)) Both.Add((At(p, i), At(q, at)));
            else OnlyP.Add(new HalfKnown(At(p, i), vagueQ.Contains(p.Tokens[i]) ? Q.Implied : Q.Floor));
        }

        var inP = IndexOf(p);
        for (var i = 0; i < q.Tokens.Length; i++)
            if (!inP.ContainsKey(q.Tokens[i])) OnlyQ.Add(new HalfKnown(At(q, i), vagueP.Contains(q.Tokens[i]) ? P.Implied : P.Floor));
        // All free tokens are treated alike, so one without a floor takes it from all: the bounds become wider, never wrong.
        FreeFloor = someFreeAreUnvalued ? (P.Implied, Q.Implied) : (P.Floor, Q.Floor);
    }

    private static Known At(KnownTokens side, int index) => new(side.LogProbabilities[index], side.Uncertainties[index]);

    private static Dictionary<int, int> IndexOf(KnownTokens side)
    {
        var index = new Dictionary<int, int>(side.Tokens.Length);
        for (var i = 0; i < side.Tokens.Length; i++) index.Add(side.Tokens[i], i);
        return index;
    }
}
