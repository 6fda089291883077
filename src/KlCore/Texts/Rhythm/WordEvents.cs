using System.Runtime.InteropServices;
using KlCore.Texts.NGrams;

namespace KlCore.Texts.Rhythm;

/// <summary>Where each word occurs.</summary>
internal sealed class WordEvents(TokenTable table)
{
    private readonly List<int> _tokens = [];
    private readonly List<int> _ends = [];

    /// <summary>How many words there are.</summary>
    public int Count => _tokens.Count;

    /// <summary>Adds a text.</summary>
    public void Add(string text)
    {
        table.Encode(text, _tokens);
        _ends.Add(_tokens.Count);
    }

    /// <summary>How words come, one after the other; those that do not occur too.</summary>
    public IEnumerable<EventBurstiness> Of(IReadOnlyList<string> words)
    {
        var gaps = Collect(words.Select(table.Find).OfType<int>());
        var counts = Counts();
        return words.Select(word => table.Find(word) is { } token ? Describe(token, counts, gaps) : EventBurstiness.Of(word, 0, []));
    }

    /// <summary>How each of the words comes that are frequent enough; signs are none.</summary>
    public IEnumerable<EventBurstiness> Frequent(int minimum)
    {
        var counts = Counts();
        var gaps = Collect(Enumerable.Range(0, counts.Length).Where(token => counts[token] >= minimum && table.IsWord(token)));
        return Enumerable.Range(0, counts.Length).Where(token => gaps[token]?.Count >= 2).Select(token => Describe(token, counts, gaps));
    }

    private EventBurstiness Describe(int token, int[] counts, List<double>?[] gaps) =>
        EventBurstiness.Of(table.Name(token), counts[token], CollectionsMarshal.AsSpan(gaps[token]));

    private int[] Counts()
    {
        var counts = new int[table.Limit];
        foreach (var token in _tokens) counts[token]++;
        return counts;
    }

    /// <summary>The gaps of some words; null for all others.</summary>
    private List<double>?[] Collect(IEnumerable<int> chosen)
    {
        var gaps = new List<double>?[table.Limit];
        foreach (var token in chosen) gaps[token] ??= [];
        var last = new int[gaps.Length];
        Array.Fill(last, -1);
        var start = 0;
        foreach (var end in _ends)
        {
            for (var i = start; i < end; i++)
            {
                var token = _tokens[i];
                // An occurrence in an earlier text does not count.
                if (gaps[token] is { } list && last[token] >= start) list.Add(i - last[token]);
                last[token] = i;
            }

            start = end;
        }

        return gaps;
    }
}
