using KlCore.Numerics;

namespace KlCore.Estimation.Counts;

/// <summary>The standard error of a divergence from counts.</summary>
internal static class DivergenceError
{
    /// <summary>
    /// sqrt((sum p (ln(p/q) - KL)^2)/N + (sum p^2/q - 1)/M). Where q has not seen what p has, half an observation is added to each count of q for it.
    /// Vanishes where p and q are equal: there the divergence is of the order 1/N itself.
    /// </summary>
    public static double Delta(CountPair pair)
    {
        var (total, other) = (pair.P.Total, pair.TotalOfQ);
        var added = pair.Q is not null && double.IsPositiveInfinity(pair.PlugIn()) ? 0.5 : 0;
        var whole = other + added * pair.Count;
        var (mean, square, cross) = (new CompensatedSum(), new CompensatedSum(), new CompensatedSum());
        for (var i = 0; i < pair.Count; i++)
        {
            var (n, m) = pair.At(i);
            if (n == 0) continue;
            var (p, q) = (n / total, (m + added) / whole);
            var ratio = Elementary.LogOfRatio(p, q);
            mean.Add(p * ratio);
            square.Add(p * ratio * ratio);
            cross.Add(p * (p / q));
        }

        var variance = Math.Max(0, square.Value - mean.Value * mean.Value) / total;
        if (pair.Q is not null) variance += Math.Max(0, cross.Value - 1) / other;
        return Math.Sqrt(variance);
    }

    /// <summary>By leaving out one observation of either sample after the other; null with a single observation, or where that makes it infinite.</summary>
    public static double? Jackknife(CountPair pair, CountCorrection correction, CancellationToken cancellation)
    {
        var variance = LeaveOut(pair, correction, first: true, cancellation) + (pair.Q is null ? 0 : LeaveOut(pair, correction, first: false, cancellation));
        return double.IsFinite(variance) ? Math.Sqrt(variance) : null;
    }

    /// <summary>The standard deviation over pairs of samples drawn from the relative frequencies; null where some are infinite.</summary>
    public static double? Bootstrap(CountPair pair, CountCorrection correction, int resamples, long seed, CancellationToken cancellation)
    {
        EntropyError.Afford(resamples * 60.0 * pair.Count);
        var values = new double[resamples];
        for (var i = 0; i < resamples; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var p = CountTable.Of(Multinomial.Draw(pair.P, new RandomStream(seed, i, "counts of p")), pair.P.Categories);
            var drawn = pair.Q is { } q
                ? CountPair.Of(p, CountTable.Of(Multinomial.Draw(q, new RandomStream(seed, i, "counts of q")), q.Categories))
                : CountPair.Of(p, [.. Enumerable.Range(0, pair.Count).Select(index => pair.At(index).M)]);
            values[i] = correction.Divergence(drawn)!.Value;
        }

        return Array.TrueForAll(values, double.IsFinite) ? EntropyError.Spread(values) : null;
    }

    /// <summary>The share of one sample in the jackknife's variance. Categories with equal counts in both samples stand for each other.</summary>
    private static double LeaveOut(CountPair pair, CountCorrection correction, bool first, CancellationToken cancellation)
    {
        var side = first ? pair.P : pair.Q!;
        if (side.Total == 1) return double.NaN;
        var groups = Enumerable.Range(0, pair.Count).Where(i => side.Counts[i] > 0).GroupBy(pair.At).Select(group => (Place: group.First(), Weight: group.Count() * side.Counts[group.First()] / side.Total)).ToList();
        EntropyError.Afford(30.0 * groups.Count * pair.Count);
        var values = new double[groups.Count];
        for (var i = 0; i < values.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var counts = (double[])side.Counts.Clone();
            counts[groups[i].Place]--;
            var less = CountTable.Of(counts, side.Categories);
            var changed = first ? pair.Q is { } q ? CountPair.Of(less, q) : CountPair.Of(less, [.. Enumerable.Range(0, pair.Count).Select(index => pair.At(index).M)]) : CountPair.Of(pair.P, less);
            values[i] = correction.Divergence(changed)!.Value;
            if (!double.IsFinite(values[i])) return double.NaN;
        }

        var mean = values.Select((value, i) => value * groups[i].Weight).Sum();
        return (side.Total - 1) * values.Select((value, i) => groups[i].Weight * (value - mean) * (value - mean)).Sum();
    }
}
