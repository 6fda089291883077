using KlCore.Numerics;

namespace KlCore.Logprobs.Completions;

/// <summary>Two documents with log-probabilities beside each other: what is guaranteed at each position, and of the mean.</summary>
public sealed class CompletionComparison
{
    /// <summary>How much work one comparison may be: the tokens scored on both sides, and <see cref="PositionWork"/> for each position.</summary>
    public const long MaximumWork = 1L << 19;

    /// <summary>What a position takes however short its lists are, in tokens.</summary>
    public const int PositionWork = 32;

    private readonly Completion _p;
    private readonly Completion _q;
    private readonly BoundOptions _options;
    private readonly List<ComparedPosition> _positions = [];
    private readonly ComparisonWarnings _warnings;

    private CompletionComparison(Completion p, Completion q, BoundOptions options)
    {
        (_p, _q, _options) = (p, q, options);
        _warnings = new ComparisonWarnings(p, q, options);
    }

    /// <summary>By what the tokens were matched.</summary>
    public TokenKey Key { get; private set; }

    /// <summary>The positions that were compared.</summary>
    public IReadOnlyList<ComparedPosition> Positions => _positions;

    /// <summary>The position at which the texts first differ, the last one compared; null if they do not.</summary>
    public int? StoppedAt { get; private set; }

    /// <summary>
    /// The brackets of the means: the mean of the lower and of the upper bounds. Over the positions of one text this is no divergence of whole
    /// texts.
    /// </summary>
    public MeanBounds Mean => new(
        MeanOf(bounds => bounds.Forward), MeanOf(bounds => bounds.Reverse), MeanOf(bounds => bounds.JensenShannon), MeanOf(bounds => bounds.TotalVariation), MeanOf(bounds => bounds.Hellinger));

    /// <summary>What a reader should know about the documents.</summary>
    public IReadOnlyList<string> Warnings => _warnings.All(_positions.Count);

    /// <summary>Compares two documents.</summary>
    /// <param name="p">The reference.</param>
    /// <param name="q">The model.</param>
    /// <param name="options">What is known beside the lists.</param>
    /// <param name="alignment">By what positions belong together.</param>
    /// <param name="cancellation">Looked at before and within each position.</param>
    /// <exception cref="InvalidInputException">The options are not legal, or the vocabulary is too small.</exception>
    /// <exception cref="NotComputableException">The tokens cannot be matched, or no distributions have these lists.</exception>
    /// <exception cref="TooCostlyException">More than <see cref="MaximumWork"/>.</exception>
    public static CompletionComparison Of(Completion p, Completion q, BoundOptions options, Alignment alignment = Alignment.Tokens, CancellationToken cancellation = default)
    {
        var comparison = new CompletionComparison(p, q, options);
        comparison.Run(alignment, cancellation);
        return comparison;
    }

    private void Run(Alignment alignment, CancellationToken cancellation)
    {
        var keys = TokenKeys.For(_p, _q);
        Key = keys.Kind;
        _warnings.SeeKeys(Key);
        foreach (var (index, p, q) in Aligned(keys, alignment, cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            _positions.Add(Compare(index, p, q, cancellation));
        }

        if (_positions.Count == 0) throw new NotComputableException("nothing-to-compare", "There is no position at which both p and q score a token.");
    }

    /// <summary>Every position that is to be compared, before the first is: so that too many are refused at once.</summary>
    private List<(int Index, ScoredList P, ScoredList Q)> Aligned(TokenKeys keys, Alignment alignment, CancellationToken cancellation)
    {
        List<(int, ScoredList, ScoredList)> aligned = [];
        var work = 0L;
        for (var i = 0; i < Math.Min(_p.Positions.Count, _q.Positions.Count); i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_p.Positions[i].Scores.Count == 0 || _q.Positions[i].Scores.Count == 0) continue;
            work += PositionWork + _p.Positions[i].Scores.Count + _q.Positions[i].Scores.Count;
            if (work > MaximumWork)
                throw new TooCostlyException($"A comparison may be at most {MaximumWork} of work (tokens scored on both sides, and {PositionWork} for each position), this one is more from position {i} on; give fewer positions or shorter lists.");
            var (p, q) = (ScoredList.Of(_p.Positions[i], keys, $"p at position {i}"), ScoredList.Of(_q.Positions[i], keys, $"q at position {i}"));
            _warnings.See(i, p, q, alignment);
            aligned.Add((i, p, q));
            if (alignment != Alignment.Tokens || p.HasSameTokenAs(q) is not false) continue;
            StoppedAt = i;
            break;
        }

        return aligned;
    }

    private ComparedPosition Compare(int index, ScoredList p, ScoredList q, CancellationToken cancellation)
    {
        var k = Math.Min(p.RankedCount, q.RankedCount);
        return new ComparedPosition
        {
            Index = index,
            TokenP = p.Token,
            TokenQ = q.Token,
            Bounds = PositionBounds.Of(p.Known, q.Known, _options, index, cancellation),
            CoverageP = p.Coverage,
            CoverageQ = q.Coverage,
            TopK = k,
            Shared = p.SharedWith(q, k),
            SameTop1 = p.Top is { } first && q.Top is { } other ? first == other : null,
        };
    }

    private Bracket MeanOf(Func<PositionBounds, Bracket> bracket)
    {
        CompensatedSum lower = default, upper = default;
        foreach (var position in _positions)
        {
            lower.Add(bracket(position.Bounds).Lower);
            upper.Add(bracket(position.Bounds).Upper);
        }

        return new Bracket(lower.Value / _positions.Count, upper.Value / _positions.Count);
    }
}
