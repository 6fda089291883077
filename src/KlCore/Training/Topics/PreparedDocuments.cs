using KlCore.Numerics;

namespace KlCore.Training.Topics;

/// <summary>The documents of a run: cut into words, filtered, numbered, and divided into those that are learned from and those held out.</summary>
/// <param name="Vocabulary">The words that count: those of the documents that are learned from.</param>
/// <param name="Training">What is learned from.</param>
/// <param name="HeldOut">What is not.</param>
/// <param name="TrainingPlaces">For each document that is learned from, which of all it is.</param>
/// <param name="HeldOutPlaces">The same of those held out.</param>
internal sealed record PreparedDocuments(Vocabulary Vocabulary, Corpus Training, Corpus HeldOut, int[] TrainingPlaces, int[] HeldOutPlaces)
{
    private const double MaximumWork = 1e14;
    private const long MaximumBytes = 1L << 30;

    /// <summary>How many documents there are, in either part.</summary>
    public int Count => TrainingPlaces.Length + HeldOutPlaces.Length;

    /// <summary>Reads them.</summary>
    public static PreparedDocuments Read(TopicsSpecification specification, IReadOnlyList<string> texts)
    {
        var (training, heldOut) = Divide(texts.Count, specification.ValidationFraction, specification.Seed);
        var vocabulary = new Vocabulary();
        var learned = Corpus.Read(training.Select(place => texts[place]), specification.Words, vocabulary, grow: true);
        if (specification.FilterExtremes is { } filter)
        {
            var kept = filter.Keep(learned.Frequencies(vocabulary.Count), learned.Count);
            learned = learned.Keep(kept, vocabulary.Count);
            vocabulary = new Vocabulary(kept.Select(id => vocabulary.Words[id]));
        }

        var unseen = Corpus.Read(heldOut.Select(place => texts[place]), specification.Words, vocabulary, grow: false);
        return new PreparedDocuments(vocabulary, learned, unseen, training, heldOut);
    }

    /// <summary>Adds a problem if nothing is left to learn from, or there is too much of it.</summary>
    public void Check(TopicsSpecification specification, Problems problems)
    {
        if (Vocabulary.Count == 0)
        {
            problems.Add($"must have at least 1 word that counts, had none in {Training.Count} documents: by the rules for words, the stop words and the filter");
            return;
        }

        var bytes = TopicsPlan.Memory(specification, this);
        if (bytes > MaximumBytes)
        {
            problems.Add($"must need at most {MaximumBytes >> 20} MB, would need some {bytes >> 20} MB for {specification.Topics} topics, {Vocabulary.Count} words and {Count} documents; " +
                "filterExtremes makes the vocabulary smaller");
        }

        var work = TopicsPlan.Work(specification, this);
        if (work > MaximumWork)
            problems.Add($"must take at most {MaximumWork:G2} multiplications, would take some {work:G2}: {Training.Entries} words of documents times topics, iterations and passes");
    }

    // The last of a random order are held out; both parts keep the order in which they were given. Something is always learned from.
    private static (int[] Training, int[] HeldOut) Divide(int count, double fraction, long seed)
    {
        var held = Math.Min((int)Math.Round(fraction * count), count - 1);
        int[] order = [.. Enumerable.Range(0, count)];
        new RandomStream(seed, 0, "held-out documents").Shuffle<int>(order);
        return ([.. order[..(count - held)].Order()], [.. order[(count - held)..].Order()]);
    }
}
