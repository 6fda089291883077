namespace KlCore.Estimation.Counts;

/// <summary>
/// How often each category was seen in one sample. Estimates of entropy ask only how many categories were seen how often, so that is what
/// is kept in order: a million categories have few distinct counts.
/// </summary>
public sealed class CountTable
{
    /// <summary>The most observations: sums of counts up to here are exact in doubles.</summary>
    public const double MaximumTotal = 1e15;

    /// <summary>The most categories, those included that are only told of.</summary>
    public const int MaximumCategories = 1_000_000_000;

    // Counts below are tallied by bucket, which is faster than sorting them.
    private const int Buckets = 1 << 16;

    private CountTable(double[] sizes, double[] times, double total, double categories, double[]? counts)
    {
        (Sizes, Times, Total, Categories, Counts) = (sizes, times, total, categories, counts ?? []);
        foreach (var time in times) Observed += time;
    }

    /// <summary>How many observations there are, N.</summary>
    public double Total { get; }

    /// <summary>How many categories there could be, K.</summary>
    public double Categories { get; }

    /// <summary>How many categories were seen, S.</summary>
    public double Observed { get; }

    /// <summary>How many categories were seen once.</summary>
    public double Singletons => TimesOf(1);

    /// <summary>How many categories were seen twice.</summary>
    public double Doubletons => TimesOf(2);

    /// <summary>1 - (categories seen once) / N: roughly the probability of what was seen (Good and Turing).</summary>
    public double Coverage => 1 - Singletons / Total;

    /// <summary>The counts as they were given; empty for a table made from sizes.</summary>
    internal double[] Counts { get; }

    /// <summary>The distinct positive counts, ascending.</summary>
    internal double[] Sizes { get; }

    /// <summary>How many categories have each of them.</summary>
    internal double[] Times { get; }

    /// <summary>The table, or null with the reasons in <paramref name="problems"/>.</summary>
    /// <param name="counts">One count for each category: whole, not negative, not all 0.</param>
    /// <param name="categories">How many categories there could be; null for as many as there are counts.</param>
    /// <param name="problems">Where failures go, seen from the counts.</param>
    public static CountTable? TryFrom(double[] counts, int? categories, Problems problems)
    {
        var before = problems.Total;
        var total = 0.0;
        for (var i = 0; i < counts.Length; i++)
        {
            var count = counts[i];
            if (count >= 0 && count <= MaximumTotal && count == Math.Floor(count)) total += count;
            else problems.At(i).Add($"must be a whole number from 0 to {MaximumTotal:R}, was {count:R}");
        }

        if (problems.Total > before) return null;
        if (total == 0) problems.Add("must hold at least one observation, had none");
        if (total > MaximumTotal) problems.Add($"must hold at most {MaximumTotal:R} observations, had {total:R}");
        return problems.Total > before ? null : Of(counts, categories ?? counts.Length);
    }

    /// <summary>The table of counts that are known to be legal.</summary>
    internal static CountTable Of(double[] counts, double categories)
    {
        var largest = 0.0;
        foreach (var count in counts) largest = Math.Max(largest, count);
        var limit = (int)Math.Min(Buckets, largest + 1);
        var buckets = new double[limit];
        var large = new List<double>();
        var total = 0.0;
        foreach (var count in counts)
        {
            total += count;
            if (count < limit) buckets[(int)count]++;
            else large.Add(count);
        }

        var (sizes, times) = (new List<double>(), new List<double>());
        for (var size = 1; size < limit; size++)
        {
            if (buckets[size] == 0) continue;
            sizes.Add(size);
            times.Add(buckets[size]);
        }

        large.Sort();
        foreach (var count in large)
        {
            if (sizes.Count > 0 && sizes[^1] == count) times[^1]++;
            else
            {
                sizes.Add(count);
                times.Add(1);
            }
        }

        return new CountTable([.. sizes], [.. times], total, categories, counts);
    }

    /// <summary>The table without one observation of a category that was seen <see cref="Sizes"/>[<paramref name="group"/>] times.</summary>
    internal CountTable Without(int group)
    {
        var groups = new SortedDictionary<double, double>();
        for (var i = 0; i < Sizes.Length; i++) groups[Sizes[i]] = Times[i];
        var size = Sizes[group];
        if (--groups[size] == 0) groups.Remove(size);
        if (size > 1) groups[size - 1] = groups.GetValueOrDefault(size - 1) + 1;
        return new CountTable([.. groups.Keys], [.. groups.Values], Total - 1, Categories, null);
    }

    private double TimesOf(double size)
    {
        var index = Array.IndexOf(Sizes, size, 0, Math.Min(2, Sizes.Length));
        return index < 0 ? 0 : Times[index];
    }
}
