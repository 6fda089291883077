using KlCore.Formats;

namespace KlCore.Training.LanguageModel.NGrams;

/// <summary>
/// p(w | h) is what was found for h w if that was seen, and else the backoff of h times p(w | h without its first token). This holds for every smoothing: those that interpolate have the
/// share of the shorter context within what was found.
/// </summary>
internal sealed class NGramModel : TokenModel
{
    private const int PositionsPerCall = 64;

    private readonly NGramTrie _trie;
    private readonly double _rootBackoff;
    private readonly bool _toUniform;
    private readonly int[] _contexts;

    /// <param name="trie">The n-grams.</param>
    /// <param name="rootBackoff">The backoff of no context at all, to the uniform distribution.</param>
    /// <param name="vocabulary">How many tokens there are.</param>
    /// <param name="toUniform">Whether the longest context backs off to the uniform distribution at once.</param>
    public NGramModel(NGramTrie trie, double rootBackoff, int vocabulary, bool toUniform)
    {
        (_trie, _rootBackoff, Vocabulary, _toUniform) = (trie, rootBackoff, vocabulary, toUniform);
        _contexts = new int[trie.Levels.Length];
    }

    /// <summary>What the smoothing went by at each order, while that is known.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? Parameters { get; init; }

    /// <inheritdoc/>
    public override int Vocabulary { get; }

    /// <inheritdoc/>
    public override int Window => PositionsPerCall + _trie.Levels.Length;

    /// <inheritdoc/>
    public override int Stride => PositionsPerCall;

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<int> tokens, int first, Span<float> rows)
    {
        var row = new double[Vocabulary];
        for (var i = first; i <= tokens.Length; i++)
        {
            Row(tokens[..i], row);
            var target = rows.Slice((i - first) * Vocabulary, Vocabulary);
            for (var token = 0; token < row.Length; token++) target[token] = (float)Math.Log(row[token]);
        }
    }

    /// <inheritdoc/>
    public override void Score(ReadOnlySpan<int> tokens, int first, int last, Span<double> scores)
    {
        for (var i = 0; i < scores.Length; i++)
            scores[i] = Math.Log(Probability(tokens[..(first + i)], first + i < tokens.Length ? tokens[first + i] : last));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> ToTensors() => NGramFile.Write(_trie, _rootBackoff);

    /// <inheritdoc/>
    public override ModelFacts Describe() => new(_trie.Levels.Sum(level => (long)level.Length))
    {
        Orders = [.. _trie.Levels.Select((level, i) => new OrderFacts(i + 1, level.Length, level.Counts.Count(count => count == 1)) { Parameters = Parameters?[i] is { Count: > 0 } found ? found : null })],
    };

    /// <summary>p of a token after others.</summary>
    public double Probability(ReadOnlySpan<int> context, int token)
    {
        var known = _trie.FindContexts(context, _contexts, out var wanted);
        var p = 1.0 / Vocabulary;
        if (_toUniform && known < wanted) return p;
        for (var length = _toUniform ? known : 0; length <= known; length++)
        {
            var node = _contexts[length];
            p = _trie.FindChild(length, node, token) is var child and >= 0 ? _trie.Levels[length].Probabilities[child] : Backoff(length, node) * p;
        }

        return p;
    }

    /// <summary>p of every token after others.</summary>
    public void Row(ReadOnlySpan<int> context, Span<double> row)
    {
        var known = _trie.FindContexts(context, _contexts, out var wanted);
        row.Fill(1.0 / Vocabulary);
        if (_toUniform && known < wanted) return;
        for (var length = _toUniform ? known : 0; length <= known; length++)
        {
            var node = _contexts[length];
            var backoff = Backoff(length, node);
            foreach (ref var p in row) p *= backoff;
            var (from, to) = _trie.Children(length, node);
            var level = _trie.Levels[length];
            for (var child = from; child < to; child++) row[level.Tokens[child]] = level.Probabilities[child];
        }
    }

    private double Backoff(int length, int node) => length == 0 ? _rootBackoff : _trie.Levels[length - 1].Backoffs[node];
}
