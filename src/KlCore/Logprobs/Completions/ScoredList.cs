using KlCore.Numerics;

namespace KlCore.Logprobs.Completions;

/// <summary>One side of one position with its tokens numbered.</summary>
internal sealed class ScoredList
{
    private readonly CompletionPosition _position;
    private readonly List<(int Token, double Log)> _ranked = [];

    private ScoredList(CompletionPosition position, KnownTokens known) => (_position, Known, Token) = (position, known, position.Chosen);

    public KnownTokens Known { get; }

    /// <summary>The token that stands here, if it is known.</summary>
    public TokenName? Token { get; }

    /// <summary>How many are certainly the most likely ones.</summary>
    public int RankedCount => _ranked.Count;

    /// <summary>The mass of all that is scored.</summary>
    public double Coverage
    {
        get
        {
            CompensatedSum sum = default;
            foreach (var log in Known.LogProbabilities) sum.Add(Math.Exp(log));
            return Math.Min(1, sum.Value);
        }
    }

    /// <summary>How many are named without a value.</summary>
    public int UnvaluedCount => Known.Unvalued.Length;

    /// <summary>
    /// Whether the list looks like one that was cut and renormalised before it was sent: a handful of tokens, none of them unlikely, that are
    /// everything.
    /// </summary>
    public bool LooksProcessed(int? vocabulary) =>
        _ranked.Count is >= 2 and <= 1000 && _ranked.Count != vocabulary && Coverage > 1 - 2e-6 && _ranked.TrueForAll(entry => entry.Log > Math.Log(1e-3));

    /// <summary>Numbers the tokens.</summary>
    /// <exception cref="NotComputableException">Two tokens have the same name.</exception>
    public static ScoredList Of(CompletionPosition position, TokenKeys keys, string name)
    {
        var numbers = new Dictionary<int, TokenScore>();
        foreach (var score in position.Scores)
            if (keys.NumberOf(score.Token) is { } number && !numbers.TryAdd(number, score))
                throw new NotComputableException("ambiguous-token-key", $"{name} has several tokens that are called {score.Token}, and nothing else tells them apart in both documents; ask for token ids.");
        KeyValuePair<int, TokenScore>[] known = [.. numbers.Where(entry => entry.Value.HasValue)];
        var list = new ScoredList(position, new KnownTokens
        {
            Tokens = [.. known.Select(entry => entry.Key)],
            LogProbabilities = [.. known.Select(entry => entry.Value.LogProbability)],
            Uncertainties = [.. known.Select(entry => entry.Value.Uncertainty)],
            Ranked = [.. known.Select(entry => entry.Value.IsRanked)],
            Unvalued = [.. numbers.Where(entry => !entry.Value.HasValue).Select(entry => entry.Key)],
        });
        list._ranked.AddRange(known.Where(entry => entry.Value.IsRanked).Select(entry => (entry.Key, entry.Value.LogProbability)).OrderByDescending(entry => entry.LogProbability));
        return list;
    }

    /// <summary>The most likely token of all, if the list tells.</summary>
    public int? Top => _ranked.Count == 0 ? null : Known.Tokens[Array.IndexOf(Known.LogProbabilities, Known.LogProbabilities.Max())];

    /// <summary>How many of the k most likely tokens the other has among its own.</summary>
    public int SharedWith(ScoredList other, int k) => _ranked.Take(k).Select(entry => entry.Token).Intersect(other._ranked.Take(k).Select(entry => entry.Token)).Count();

    /// <summary>Whether both have the same token here; null if one of them does not tell.</summary>
    public bool? HasSameTokenAs(ScoredList other)
    {
        if (_position.Chosen is not { } mine || other._position.Chosen is not { } theirs) return null;
        if (mine.Id is not null && theirs.Id is not null) return mine.Id == theirs.Id;
        if (mine.Bytes is not null && theirs.Bytes is not null) return mine.Bytes == theirs.Bytes;
        return mine.Text is not null && theirs.Text is not null ? mine.Text == theirs.Text : null;
    }
}
