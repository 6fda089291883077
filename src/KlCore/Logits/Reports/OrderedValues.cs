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
        return fraction < 0.5 ? low + (high - low) * fraction : high - (high - low) * (1 - fraction);
    }

    /// <summary>
    /// Ends between which the percentile of the distribution that the values come from lies with at least 95 % confidence, if they are
    /// independent. Infinite where no value is far enough out.
    /// </summary>
    public double[] Bounds(double percent)
    {
        var (low, high) = OrderStatistics.Bounds(Count, percent);
        var error = RelativeError ?? 0;
        var from = low is { } first ? At(first) : double.NegativeInfinity;
        var to = high is { } last ? At(last) : double.PositiveInfinity;
        return [from - Math.Abs(Finite(from)) * error, to + Math.Abs(Finite(to)) * error];
    }

    private static double Finite(double value) => double.IsFinite(value) ? value : 0;
}
