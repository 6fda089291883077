using KlCore.Training.Topics;

namespace KlCore.Benchmarks;

/// <summary>Documents of 100 words that are drawn from 20 true topics over 5000 words, the same in any language.</summary>
internal static class TopicDocuments
{
    private const int Length = 100, Vocabulary = 5000, Topics = 20;

    /// <summary>Words of a document: two times in three of its first topic, else of its second; of a topic the words by a rank whose logarithm is uniform.</summary>
    public static PreparedDocuments Make(int documents)
    {
        var (first, second) = (SplitMix.Uniform(51, documents * Length), SplitMix.Uniform(52, documents * Length));
        var choice = SplitMix.Uniform(53, 2 * documents);
        var (starts, words, counts) = (new List<int> { 0 }, new List<int>(), new List<float>());
        var bag = new SortedDictionary<int, int>();
        for (var d = 0; d < documents; d++)
        {
            bag.Clear();
            for (var i = d * Length; i < (d + 1) * Length; i++)
            {
                var topic = (long)(choice[2 * d + (first[i] < 2.0 / 3 ? 0 : 1)] * Topics);
                var rank = (long)Math.Floor(Math.Pow(Vocabulary / 4.0, second[i])) - 1;
                var word = (int)((rank * 7919 + topic * 104729) % Vocabulary);
                bag[word] = bag.GetValueOrDefault(word) + 1;
            }

            words.AddRange(bag.Keys);
            counts.AddRange(bag.Values.Select(count => (float)count));
            starts.Add(words.Count);
        }

        var vocabulary = new Vocabulary(Enumerable.Range(0, Vocabulary).Select(word => $"{word}"));
        return new PreparedDocuments(vocabulary, new Corpus([.. starts], [.. words], [.. counts]), new Corpus([0], [], []), [.. Enumerable.Range(0, documents)], []);
    }
}
