using KlCore.Training.LanguageModel.NGrams.Smoothings;

namespace KlCore.Training.LanguageModel.NGrams;

/// <summary>Finds the probabilities of counted n-grams, from the lowest order up. Cut into units of work that are short each.</summary>
internal sealed class NGramFit
{
    private readonly NGramTrie _trie;
    private readonly int _vocabulary;
    private readonly NGramSmoothing _smoothing;
    private readonly IReadOnlyList<double[]> _tuned;
    // Which n-gram of the order below each is without its first token.
    private readonly int[][] _suffixes;
    private readonly int[][] _counts;
    private readonly ContextRule[] _rules;
    private double _rootBackoff;

    /// <param name="trie">What was counted.</param>
    /// <param name="start">The first tokens of the text.</param>
    /// <param name="vocabulary">How many tokens there are.</param>
    /// <param name="smoothing">How probability is shared.</param>
    /// <param name="tuned">What was found for its parameters, by order; empty arrays where they are known.</param>
    public NGramFit(NGramTrie trie, ReadOnlySpan<int> start, int vocabulary, NGramSmoothing smoothing, IReadOnlyList<double[]> tuned)
    {
        (_trie, _vocabulary, _smoothing, _tuned) = (trie, vocabulary, smoothing, tuned);
        var levels = trie.Levels;
        _suffixes = [.. levels.Select((level, i) => new int[i == 0 ? 0 : level.Length])];
        _counts = [.. levels.Select((level, i) => smoothing.UsesContinuations && i + 1 < levels.Length ? new int[level.Length] : level.Counts)];
        _rules = new ContextRule[levels.Length];
        if (smoothing.UsesContinuations) CountStart(start);
    }

    /// <summary>The units of work, to be done in order.</summary>
    /// <param name="fit">The fit, once the n-grams are counted.</param>
    /// <param name="order">The highest order.</param>
    /// <param name="slices">Into how many parts the n-grams of an order are cut.</param>
    public static IEnumerable<Action> Units(Func<NGramFit> fit, int order, int slices)
    {
        for (var i = 1; i < order; i++)
        {
            var level = i;
            for (var slice = 0; slice < slices; slice++)
            {
                var part = slice;
                yield return () => fit().Link(level, part, slices);
            }
        }

        for (var i = 0; i < order; i++)
        {
            var level = i;
            yield return () => fit().Prepare(level);
            for (var slice = 0; slice < slices; slice++)
            {
                var part = slice;
                yield return () => fit().Fit(level, part, slices);
            }
        }
    }

    /// <summary>The model, after all units.</summary>
    public NGramModel ToModel() => new(_trie, _rootBackoff, _vocabulary, _smoothing.BacksOffToUniform) { Parameters = [.. _rules.Select(rule => rule.Parameters)] };

    private int Contexts(int level) => level == 0 ? 1 : _trie.Levels[level - 1].Length;

    private (int From, int To) Slice(int level, int part, int parts) =>
        ((int)((long)Contexts(level) * part / parts), (int)((long)Contexts(level) * (part + 1) / parts));

    /// <summary>Finds the suffixes, and counts how many different tokens stand before each n-gram.</summary>
    private void Link(int level, int part, int parts)
    {
        var (from, to) = Slice(level, part, parts);
        var tokens = _trie.Levels[level].Tokens;
        var suffixes = _suffixes[level];
        for (var context = from; context < to; context++)
        {
            var shorter = level == 1 ? 0 : _suffixes[level - 1][context];
            var (first, last) = _trie.Children(level, context);
            for (var node = first; node < last; node++)
            {
                suffixes[node] = _trie.FindChild(level - 1, shorter, tokens[node]);
                if (_smoothing.UsesContinuations) _counts[level - 1][suffixes[node]]++;
            }
        }
    }

    /// <summary>The start of the text is one more neighbour to the left.</summary>
    private void CountStart(ReadOnlySpan<int> start)
    {
        for (var length = 1; length < _trie.Levels.Length && length <= start.Length; length++)
        {
            if (_trie.End is { } end && start[1..length].Contains(end)) break;
            _counts[length - 1][_trie.Find(start[..length])]++;
        }
    }

    private void Prepare(int level)
    {
        if (_smoothing.UsesContinuations && level > 0 && level + 1 < _trie.Levels.Length) KeepCountsOfBeginnings(level);
        _rules[level] = _smoothing.Rule(LevelFacts.Of(_counts[level], _vocabulary), _tuned[level]);
    }

    /// <summary>Nothing stands before the token that begins a document: such n-grams are taken as often as they occur.</summary>
    private void KeepCountsOfBeginnings(int level)
    {
        if (_trie.End is not { } end || _trie.Find([end]) is var first && first < 0) return;
        var (from, to) = (first, first + 1);
        for (var i = 0; i < level; i++) (from, to) = (_trie.Levels[i].FirstChild[from], _trie.Levels[i].FirstChild[to]);
        _trie.Levels[level].Counts.AsSpan(from, to - from).CopyTo(_counts[level].AsSpan(from));
    }

    private void Fit(int level, int part, int parts)
    {
        var (from, to) = Slice(level, part, parts);
        var probabilities = _trie.Levels[level].Probabilities;
        var lower = new double[Math.Min(_vocabulary, _trie.Levels[level].Length)];
        for (var context = from; context < to; context++)
        {
            var (first, last) = _trie.Children(level, context);
            var shorter = lower.AsSpan(0, last - first);
            for (var node = first; node < last; node++)
                shorter[node - first] = level == 0 || _smoothing.BacksOffToUniform ? 1.0 / _vocabulary : _trie.Levels[level - 1].Probabilities[_suffixes[level][node]];
            var backoff = first == last ? 1 : _rules[level].Fit(_counts[level].AsSpan(first, last - first), shorter, probabilities.AsSpan(first, last - first));
            if (level == 0) _rootBackoff = backoff;
            else _trie.Levels[level - 1].Backoffs[context] = backoff;
        }
    }
}
