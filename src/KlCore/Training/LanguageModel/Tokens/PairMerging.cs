using System.Runtime.InteropServices;
using System.Text;

namespace KlCore.Training.LanguageModel.Tokens;

/// <summary>Learns which bytes to join. After a join only the words that hold the pair are looked at again.</summary>
internal sealed class PairMerging
{
    private readonly List<(List<int> Tokens, long Count)> _words = [];
    private readonly Dictionary<(int Left, int Right), long> _counts = [];
    private readonly Dictionary<(int Left, int Right), HashSet<int>> _places = [];
    private readonly PriorityQueue<((int Left, int Right) Pair, long Count), (long, int, int)> _queue = new();

    private PairMerging(Dictionary<string, long> words)
    {
        foreach (var (text, count) in words.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            _words.Add(([.. Encoding.UTF8.GetBytes(text).Select(value => (int)value)], count));
            Add(_words.Count - 1, +1);
        }

        foreach (var (pair, count) in _counts) Enqueue(pair, count);
    }

    /// <summary>The pairs to join, the first first; as many as asked for, or as occur at least twice.</summary>
    public static (int Left, int Right)[] Learn(Dictionary<string, long> words, int most)
    {
        var learning = new PairMerging(words);
        var merges = new List<(int, int)>();
        while (merges.Count < most && learning.Next() is { } pair)
        {
            learning.Join(pair, 256 + merges.Count);
            merges.Add(pair);
        }

        return [.. merges];
    }

    /// <summary>Puts one token wherever the two stand together, from left to right.</summary>
    public static void Replace(List<int> tokens, (int Left, int Right) pair, int joined)
    {
        var kept = 0;
        for (var i = 0; i < tokens.Count; i++, kept++)
        {
            if (i + 1 < tokens.Count && tokens[i] == pair.Left && tokens[i + 1] == pair.Right)
            {
                tokens[kept] = joined;
                i++;
            }
            else tokens[kept] = tokens[i];
        }

        tokens.RemoveRange(kept, tokens.Count - kept);
    }

    private (int Left, int Right)? Next()
    {
        while (_queue.TryDequeue(out var entry, out _))
        {
            var count = _counts.GetValueOrDefault(entry.Pair);
            if (count != entry.Count) Enqueue(entry.Pair, count);
            else return entry.Pair;
        }

        return null;
    }

    // Entries are not changed in place: one that is out of date is put back with what holds when it comes up.
    private void Enqueue((int Left, int Right) pair, long count)
    {
        if (count >= 2) _queue.Enqueue((pair, count), (-count, pair.Left, pair.Right));
    }

    private void Join((int Left, int Right) pair, int joined)
    {
        var changed = new HashSet<(int, int)>();
        foreach (var word in _places[pair].ToArray())
        {
            Add(word, -1);
            Replace(_words[word].Tokens, pair, joined);
            Add(word, +1, changed, joined);
        }

        _counts.Remove(pair);
        _places.Remove(pair);
        foreach (var grown in changed) Enqueue(grown, _counts[grown]);
    }

    private void Add(int word, int sign, HashSet<(int, int)>? changed = null, int joined = -1)
    {
        var (tokens, count) = _words[word];
        for (var i = 0; i + 1 < tokens.Count; i++)
        {
            var pair = (tokens[i], tokens[i + 1]);
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, pair, out _) += sign * count;
            if (sign < 0) continue;
            (CollectionsMarshal.GetValueRefOrAddDefault(_places, pair, out _) ??= []).Add(word);
            if (pair.Item1 == joined || pair.Item2 == joined) changed?.Add(pair);
        }
    }
}
