namespace KlCore.Training.Topics;

/// <summary>The words that a model knows, numbered from 0 as they were first met, and in how many documents each occurs.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<string> _words = [];

    /// <summary>No words yet.</summary>
    public Vocabulary()
    {
    }

    /// <summary>These words, in this order, each once.</summary>
    public Vocabulary(IEnumerable<string> words)
    {
        foreach (var word in words)
        {
            _ids.Add(word, _words.Count);
            _words.Add(word);
        }
    }

    /// <summary>How many words there are.</summary>
    public int Count => _words.Count;

    /// <summary>The words by id.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <summary>The id of a word; -1 if it is not known.</summary>
    public int Find(ReadOnlySpan<char> word) => _ids.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out var id) ? id : -1;

    /// <summary>The id of a word, which becomes known by this.</summary>
    public int FindOrAdd(ReadOnlySpan<char> word)
    {
        var id = Find(word);
        if (id >= 0) return id;
        _words.Add(word.ToString());
        _ids.Add(_words[^1], _words.Count - 1);
        return _words.Count - 1;
    }
}
