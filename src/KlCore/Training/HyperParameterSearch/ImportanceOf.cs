using System.Text.Json;
using KlCore.Numerics;
using KlCore.Training.Experiments;

namespace KlCore.Training.HyperParameterSearch;

/// <summary>
/// How much of the ranking each member explains by itself: the share of the variance of ranks between groups (the statistic of Kruskal and Wallis over
/// its largest value), and how often shuffled ranks have as much.
/// </summary>
internal static class ImportanceOf
{
    private const int Fewest = 8;
    private const int Quarters = 4;
    private const int Shuffles = 999;

    /// <summary>The members, the most important first; none where too few trials succeeded for it to be said.</summary>
    public static IReadOnlyList<Importance> Members(
        IReadOnlyList<KeyValuePair<string, SearchRange>> space, IReadOnlyList<IReadOnlyList<Change>> trials, IReadOnlyList<double?> scores, bool largerIsBetter, long seed)
    {
        int[] succeeded = [.. Enumerable.Range(0, scores.Count).Where(i => scores[i] is not null)];
        if (succeeded.Length < Fewest) return [];
        var ranks = Ranks([.. succeeded.Select(i => largerIsBetter ? -scores[i]!.Value : scores[i]!.Value)]);
        return
        [
            .. space.Select((member, m) => Of(member, [.. succeeded.Select(i => trials[i][m].Value)], ranks, new RandomStream(seed, m, "importance")))
                .OfType<Importance>().OrderByDescending(importance => importance.Share),
        ];
    }

    private static Importance? Of(KeyValuePair<string, SearchRange> member, JsonElement[] values, double[] ranks, RandomStream random)
    {
        var groups = Groups(member.Value, values);
        if (groups.Max() == 0 || ranks.Max() == ranks.Min()) return null;
        var share = Share(groups, ranks);
        var shuffled = ranks.ToArray();
        var asLarge = 0;
        for (var i = 0; i < Shuffles; i++)
        {
            random.Shuffle<double>(shuffled);
            if (Share(groups, shuffled) >= share * (1 - 1e-12)) asLarge++;
        }

        return new Importance(member.Key, share, (asLarge + 1.0) / (Shuffles + 1.0));
    }

    // Numbers of groups: equal values, or quarters of an interval's.
    private static int[] Groups(SearchRange range, JsonElement[] values)
    {
        string[] texts = [.. values.Select(value => value.GetRawText())];
        string[] different = [.. texts.Distinct()];
        if (range is ValuesRange || different.Length <= Quarters) return [.. texts.Select(text => Array.IndexOf(different, text))];
        var places = Ranks([.. values.Select(value => value.GetDouble())]);
        return [.. places.Select(place => (int)((place - 0.5) * Quarters / places.Length))];
    }

    private static double Share(int[] groups, double[] ranks)
    {
        var mean = ranks.Average();
        var between = Enumerable.Range(0, ranks.Length).GroupBy(i => groups[i], i => ranks[i]).Sum(group => group.Count() * Math.Pow(group.Average() - mean, 2));
        return Math.Min(1, between / ranks.Sum(rank => (rank - mean) * (rank - mean)));
    }

    // From 1; equal values share the mean of their ranks.
    private static double[] Ranks(double[] values) =>
        [.. values.Select(value => values.Count(other => other < value) + (values.Count(other => other.Equals(value)) + 1) / 2.0)];
}
