using KlCore.Charts;

namespace KlApi.Charts;

/// <summary>From where to where an axis goes.</summary>
internal readonly record struct Extent(double Minimum, double Maximum)
{
    // Ranges near the subnormals lose the digits that scales and steps need.
    private const double Smallest = 1e-290;

    /// <summary>An axis that no value asks anything of.</summary>
    public static Extent Unit(bool logarithmic) => logarithmic ? new(1, 10) : new(0, 1);

    /// <summary>Whether an axis can show <paramref name="value"/>.</summary>
    public static bool Shows(Axis axis, double value) => double.IsFinite(value) && (!axis.Logarithmic || value > 0);

    /// <summary>The extent of all values of the series that both axes can show; null when there is none.</summary>
    public static Extent? Of(IEnumerable<double> values, Axis axis)
    {
        var (minimum, maximum) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
        {
            if (!Shows(axis, value)) continue;
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
        }

        return minimum <= maximum ? new Extent(minimum, maximum) : null;
    }

    /// <summary>Room around the values: <paramref name="share"/> of their range at each end, and something to either side of a single value.</summary>
    public Extent Padded(bool logarithmic, double share)
    {
        if (logarithmic) return PaddedByFactor(share);
        // Halves, because the range of ±1e308 is no double.
        var half = (Maximum / 2) - (Minimum / 2);
        var size = Math.Max(Math.Abs(Minimum), Math.Abs(Maximum));
        // Below this the ticks' labels could not tell the ends apart.
        if (half <= Math.Max(1e-12 * size, Smallest)) half = size == 0 ? 0.5 : Math.Max(0.05 * size, Smallest);
        else half *= 2 * share;
        return new(Math.Max(Minimum - half, -double.MaxValue), Math.Min(Maximum + half, double.MaxValue));
    }

    private Extent PaddedByFactor(double share)
    {
        var decades = Math.Log10(Maximum) - Math.Log10(Minimum);
        var factor = Math.Pow(10, decades <= 1e-9 ? 0.3 : decades * share);
        return new(Math.Max(Minimum / factor, double.Epsilon), Math.Min(Maximum * factor, double.MaxValue));
    }

    /// <summary>The extent that also reaches zero: areas and bars stand on it.</summary>
    public Extent WithZero() => new(Math.Min(Minimum, 0), Math.Max(Maximum, 0));
}
