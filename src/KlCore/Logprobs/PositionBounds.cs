namespace KlCore.Logprobs;

/// <summary>
/// What two lists of log-probabilities guarantee about the divergences of the distributions behind them: for every pair of distributions that
/// agrees with the lists, each divergence lies within its bracket. The lower bounds are attained, so nothing sharper follows from the lists.
/// </summary>
/// <remarks>
/// With A and B the tokens known under p and q, r_P and r_Q the masses that are not listed, a token that is not listed has at most the probability
/// of the least likely one that is (the cap). Lower: the divergence of <see cref="NearestCompletion"/>. Upper: <see cref="UpperBound"/>; for KL it
/// is +Infinity without a floor, since a token that is not listed may be impossible. In nats; total variation and Hellinger have no unit.
/// </remarks>
public sealed record PositionBounds
{
    /// <summary>KL(p || q).</summary>
    public required Bracket Forward { get; init; }

    /// <summary>KL(q || p).</summary>
    public required Bracket Reverse { get; init; }

    /// <summary>Jensen-Shannon, at most ln 2.</summary>
    public required Bracket JensenShannon { get; init; }

    /// <summary>Total variation, at most 1.</summary>
    public required Bracket TotalVariation { get; init; }

    /// <summary>Hellinger distance, at most 1.</summary>
    public required Bracket Hellinger { get; init; }

    /// <summary>The lower bound of KL(p || q) that merging all tokens not listed on both sides gives: never above the tight one.</summary>
    public required double ForwardBucket { get; init; }

    /// <summary>The same of KL(q || p).</summary>
    public required double ReverseBucket { get; init; }

    /// <summary>Whether every token listed by p is known under q.</summary>
    public required bool PIsScored { get; init; }

    /// <summary>Whether every token listed by q is known under p.</summary>
    public required bool QIsScored { get; init; }

    /// <summary>Finds all of them.</summary>
    /// <param name="p">What is known of p.</param>
    /// <param name="q">What is known of q; equal tokens have equal numbers.</param>
    /// <param name="options">What is known beside the lists.</param>
    /// <param name="position">Named in refusals.</param>
    /// <param name="cancellation">Looked at again and again, so that long lists can be given up.</param>
    /// <exception cref="InvalidInputException">The options are not legal, or more tokens are named than the vocabulary has.</exception>
    /// <exception cref="NotComputableException">No distributions have these lists.</exception>
    public static PositionBounds Of(KnownTokens p, KnownTokens q, BoundOptions options, int position = 0, CancellationToken cancellation = default)
    {
        var problems = new Problems();
        options.Check(problems);
        problems.ThrowIfAny();
        var pair = PartialPair.Of(p, q, options, position);
        var nearest = NearestCompletion.Of(pair, cancellation);
        var hellinger = Between<SquaredHellingerTerm>(pair, nearest, 1);
        return new PositionBounds
        {
            Forward = Ordered(LowerBound.Tight<ForwardTerm>(pair, nearest), UpperBound.Of<ForwardTerm>(pair)),
            Reverse = Ordered(LowerBound.Tight<ReverseTerm>(pair, nearest), UpperBound.Of<ForwardTerm>(pair.Exchanged())),
            JensenShannon = Between<JensenShannonTerm>(pair, nearest, Units.Ln2),
            TotalVariation = Between<TotalVariationTerm>(pair, nearest, 1),
            Hellinger = new Bracket(Math.Sqrt(hellinger.Lower), Math.Sqrt(hellinger.Upper)),
            ForwardBucket = LowerBound.Bucket<ForwardTerm>(pair),
            ReverseBucket = LowerBound.Bucket<ReverseTerm>(pair),
            PIsScored = pair.OnlyP.Count == 0,
            QIsScored = pair.OnlyQ.Count == 0,
        };
    }

    private static Bracket Between<T>(PartialPair pair, NearestCompletion nearest, double most)
        where T : struct, ITerm =>
        Ordered(Math.Min(most, LowerBound.Tight<T>(pair, nearest)), Math.Min(most, UpperBound.Of<T>(pair)));

    /// <summary>Rounding may put two equal bounds a last digit apart in the wrong order.</summary>
    private static Bracket Ordered(double lower, double upper) => new(Math.Min(lower, upper), Math.Max(lower, upper));
}
