namespace KlCore.Training.Topics;

/// <summary>Counts in how many documents the first words of topics occur, alone and in pairs.</summary>
internal sealed class Coherence
{
    /// <summary>How many words of a topic are looked at.</summary>
    public const int MostWords = 20;

    private readonly int[][] _words;
    private readonly int[][] _together;
    private readonly int _documents;

    /// <param name="words">For each topic its first words, the most probable first.</param>
    /// <param name="corpus">The documents.</param>
    /// <param name="vocabulary">How many words there are.</param>
    public Coherence(int[][] words, Corpus corpus, int vocabulary)
    {
        (_words, _documents) = (words, corpus.Count);
        _together = [.. words.Select(_ => new int[MostWords * MostWords])];
        // Where a word stands: the topics that have it among their first, and its rank there.
        var places = new List<(int Topic, int Rank)>?[vocabulary];
        for (var k = 0; k < words.Length; k++)
            for (var rank = 0; rank < words[k].Length; rank++) (places[words[k][rank]] ??= []).Add((k, rank));
        var (present, touched) = (new uint[words.Length], new List<int>());
        for (var document = 0; document < corpus.Count; document++)
        {
            foreach (var word in corpus.Words(document))
            {
                if (places[word] is not { } here) continue;
                foreach (var (topic, rank) in here)
                {
                    if (present[topic] == 0) touched.Add(topic);
                    present[topic] |= 1u << rank;
                }
            }

            foreach (var topic in touched)
            {
                Count(present[topic], _together[topic]);
                present[topic] = 0;
            }

            touched.Clear();
        }
    }

    /// <summary>The coherence of a topic.</summary>
    public TopicCoherence Of(int topic)
    {
        var (words, together, pairs, mass, information) = (_words[topic].Length, _together[topic], 0, 0.0, 0.0);
        for (var w = 1; w < words; w++)
        {
            for (var v = 0; v < w; v++)
            {
                double both = together[w * MostWords + v], first = together[v * MostWords + v], second = together[w * MostWords + w];
                // A word that is probable only by its prior occurs in no document.
                if (first == 0 || second == 0) continue;
                pairs++;
                mass += Math.Log((both + 1) / first);
                information += both == 0 ? -1 : both == _documents ? 1 : Math.Log(both * _documents / (first * second)) / -Math.Log(both / _documents);
            }
        }

        return pairs == 0 ? new TopicCoherence(0, 0) : new TopicCoherence(mass / pairs, information / pairs);
    }

    private static void Count(uint present, int[] together)
    {
        for (var rest = present; rest != 0; rest &= rest - 1)
        {
            var w = System.Numerics.BitOperations.TrailingZeroCount(rest);
            for (var lower = present & ((2u << w) - 1); lower != 0; lower &= lower - 1)
                together[w * MostWords + System.Numerics.BitOperations.TrailingZeroCount(lower)]++;
        }
    }
}
