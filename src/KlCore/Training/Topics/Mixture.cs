namespace KlCore.Training.Topics;

/// <summary>A document's topics as they are told.</summary>
internal static class Mixture
{
    /// <summary>The topics of at least this probability, the most probable first.</summary>
    public static IReadOnlyList<TopicShare> Of(ReadOnlySpan<float> gamma, double minimum)
    {
        var (sum, shares) = (0.0, new List<TopicShare>());
        foreach (var value in gamma) sum += value;
        for (var k = 0; k < gamma.Length; k++)
            if (gamma[k] / sum is var probability && probability >= minimum) shares.Add(new TopicShare(k, probability));
        shares.Sort((a, b) => a.Probability == b.Probability ? a.Topic.CompareTo(b.Topic) : b.Probability.CompareTo(a.Probability));
        return shares;
    }
}
