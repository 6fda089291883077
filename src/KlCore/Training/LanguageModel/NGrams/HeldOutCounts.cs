using KlCore.Training.LanguageModel.NGrams.Smoothings;

namespace KlCore.Training.LanguageModel.NGrams;

/// <summary>
/// How often what happens in the last part of a text was seen in the part before it, in every context: enough to find the parameters of a smoothing that make the last part likeliest.
/// </summary>
internal sealed class HeldOutCounts(NGramTrie trie, int[] text, int from, int to, int vocabulary)
{
    private readonly int[][] _counts = [.. trie.Levels.Select(_ => new int[to - from])];
    private readonly int[][] _totals = [.. trie.Levels.Select(_ => new int[to - from])];
    private readonly int[][] _types = [.. trie.Levels.Select(_ => new int[to - from])];
    private readonly int _all = trie.Levels[0].Counts.Sum();
    private readonly double[] _lower = CreateLower(to - from, vocabulary);

    /// <summary>Looks up a part of the positions.</summary>
    public void Collect(int part, int parts)
    {
        var count = to - from;
        var contexts = new int[trie.Levels.Length];
        for (var i = (int)((long)count * part / parts); i < (int)((long)count * (part + 1) / parts); i++)
        {
            var position = from + i;
            var known = trie.FindContexts(text.AsSpan(Math.Max(0, position - trie.Levels.Length), Math.Min(position, trie.Levels.Length)), contexts, out _);
            for (var length = 0; length <= known; length++)
            {
                var (first, last) = trie.Children(length, contexts[length]);
                _types[length][i] = last - first;
                _totals[length][i] = length == 0 ? _all : Total(length, contexts[length]);
                if (trie.FindChild(length, contexts[length], text[position]) is var child and >= 0) _counts[length][i] = trie.Levels[length].Counts[child];
            }
        }
    }

    /// <summary>Finds the parameters for an order, those of the lower ones being found.</summary>
    public double[] Tune(TunedSmoothing smoothing, int level)
    {
        var parameters = smoothing.Tune(_counts[level], _totals[level], _types[level], _lower);
        for (var i = 0; i < _lower.Length; i++)
            if (_totals[level][i] > 0) _lower[i] = smoothing.Interpolate(_counts[level][i], _totals[level][i], _types[level][i], _lower[i], parameters);
        return parameters;
    }

    private int Total(int length, int context)
    {
        var (first, last) = trie.Children(length, context);
        var total = 0;
        foreach (var seen in trie.Levels[length].Counts.AsSpan(first, last - first)) total += seen;
        return total;
    }

    private static double[] CreateLower(int count, int vocabulary)
    {
        var lower = new double[count];
        Array.Fill(lower, 1.0 / vocabulary);
        return lower;
    }
}
