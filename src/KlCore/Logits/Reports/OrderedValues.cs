namespace KlCore.Logits.Reports;

/// <summary>The values of one column in order.</summary>
/// <param name="Count">How many, at least 1.</param>
/// <param name="At">The value at a place, from 0.</param>
/// <param name="RelativeError">How far a value can be off, relative to it; null if exact.</param>
internal sealed record OrderedValues(long Count, Func<long, double> At, double? RelativeError)
{
    /// <summary>The values of an array in ascending order.</summary>
    public static OrderedValues Of(double[] sorted) => new(sorted.Length, place => sorted[place], null);

    /// <summary>
    /// The value at the place f (n - 1), f = <paramref name="percent"/> / 100, linearly between the neighbours in order: what numpy calls
    /// "linear".
    /// </summary>
    public double Percentile(double percent)
    {
        var place = percent / 100 * (Count - 1);
        var below = Math.Min((long)Math.Floor(place), Count - 1);
        var fraction = place - below;
        var low = At(below);
        if (fraction == 0 || below + 1 >= Count) return low;
        var high = At(below + 1);
        if (low.Equals(high)) return low;
        if (double.IsInfinity(high)) return high;
        if (double.IsInfinity(high - low)) return (1 - fraction) * low + fraction * high;
        return fraction < 0.5 ? low + (high - low) * fraction : high - (high - low) * (1 - fraction);
    }

    /// <summary>
    /// Ends between which the percentile of the distribution that the values come from lies with at least 95 % confidence: by order statistics
    /// for independent values, and, where their chunks are known, at least as far apart as the share of values below the percentile is
    /// uncertain from chunk to chunk. Infinite where no value is far enough out. Source of the latter: R. Woodruff, JASA 47 (1952).
    /// </summary>
    /// <param name="percent">From 0 to 100.</param>
    /// <param name="shareError">Half the 95 % interval of the share of values below the percentile, by chunks; 0 where not known.</param>
    public double[] Bounds(double percent, double shareError = 0)
    {
        var (low, high) = OrderStatistics.Bounds(Count, percent);
        if (shareError > 0)
        {
            low = Math.Min(low ?? -1, (long)Math.Floor((percent / 100 - shareError) * Count) - 1);
            high = Math.Max(high ?? Count, (long)Math.Ceiling((percent / 100 + shareError) * Count));
        }

        var error = RelativeError ?? 0;
        var from = low is >= 0 and { } first ? At(first) : double.NegativeInfinity;
        var to = high < Count ? At(high.Value) : double.PositiveInfinity;
        return [from - Math.Abs(Finite(from)) * error, to + Math.Abs(Finite(to)) * error];
    }

    private static double Finite(double value) => double.IsFinite(value) ? value : 0;
}
