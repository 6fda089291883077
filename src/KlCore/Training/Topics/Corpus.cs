namespace KlCore.Training.Topics;

/// <summary>
/// Documents as bags of words: for each the ids of its words in ascending order and how often each occurs, all in flat arrays. Words that the
/// vocabulary has not are left out.
/// </summary>
internal sealed class Corpus
{
    private readonly int[] _starts;
    private readonly int[] _words;
    private readonly float[] _counts;

    /// <summary>Documents from flat arrays: document d has the entries from starts[d] to before starts[d + 1].</summary>
    public Corpus(int[] starts, int[] words, float[] counts)
    {
        (_starts, _words, _counts) = (starts, words, counts);
        for (var d = 0; d < Count; d++) LargestBag = Math.Max(LargestBag, starts[d + 1] - starts[d]);
    }

    /// <summary>How many documents there are.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>How many entries: different words of a document, over all documents.</summary>
    public int Entries => _words.Length;

    /// <summary>How many different words the document with most of them has.</summary>
    public int LargestBag { get; }

    /// <summary>The ids of the words of a document.</summary>
    public ReadOnlySpan<int> Words(int document) => _words.AsSpan(_starts[document].._starts[document + 1]);

    /// <summary>How often each occurs.</summary>
    public ReadOnlySpan<float> Counts(int document) => _counts.AsSpan(_starts[document].._starts[document + 1]);

    /// <summary>How many words the documents from one to before another have in all.</summary>
    public double Tokens(int from, int to)
    {
        var tokens = 0.0;
        for (var i = _starts[from]; i < _starts[to]; i++) tokens += _counts[i];
        return tokens;
    }

    /// <summary>In how many documents each word occurs.</summary>
    public int[] Frequencies(int vocabulary)
    {
        var frequencies = new int[vocabulary];
        foreach (var word in _words) frequencies[word]++;
        return frequencies;
    }

    /// <summary>The documents that some texts are.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="rules">What a word is.</param>
    /// <param name="vocabulary">The words that count.</param>
    /// <param name="grow">Whether words that the vocabulary has not are added to it, and not left out.</param>
    public static Corpus Read(IEnumerable<string> texts, WordRules rules, Vocabulary vocabulary, bool grow)
    {
        var (starts, words, counts, bag) = (new List<int> { 0 }, new List<int>(), new List<float>(), new List<int>());
        foreach (var text in texts)
        {
            bag.Clear();
            var lower = text.ToLowerInvariant();
            for (var at = 0; rules.Next(lower, ref at, out var word);)
            {
                var id = grow ? vocabulary.FindOrAdd(word) : vocabulary.Find(word);
                if (id >= 0) bag.Add(id);
            }

            bag.Sort();
            for (var i = 0; i < bag.Count; i++)
            {
                if (i > 0 && bag[i] == bag[i - 1])
                {
                    counts[^1]++;
                    continue;
                }

                words.Add(bag[i]);
                counts.Add(1);
            }

            starts.Add(words.Count);
        }

        return new Corpus([.. starts], [.. words], [.. counts]);
    }

    /// <summary>The same documents without the words that are not among <paramref name="kept"/>, whose ids are their places there.</summary>
    public Corpus Keep(int[] kept, int vocabulary)
    {
        var places = new int[vocabulary];
        Array.Fill(places, -1);
        for (var i = 0; i < kept.Length; i++) places[kept[i]] = i;
        var (starts, words, counts) = (new int[_starts.Length], new List<int>(_words.Length), new List<float>(_words.Length));
        for (var d = 0; d < Count; d++)
        {
            for (var i = _starts[d]; i < _starts[d + 1]; i++)
            {
                if (places[_words[i]] < 0) continue;
                words.Add(places[_words[i]]);
                counts.Add(_counts[i]);
            }

            starts[d + 1] = words.Count;
        }

        return new Corpus(starts, [.. words], [.. counts]);
    }
}
