namespace KlCore.Distributions;

/// <summary>
/// Quantiles by bisection over the doubles themselves, in their order, so that 1e-300 and 1e300 are found as surely as 1; for integers over
/// these. At most 64 looks at the distribution function, and a third of them where there is a density: by Newton's steps in the logarithm of
/// the probability, as long as they stay where the quantile must be.
/// </summary>
internal static class Inversion
{
    /// <summary>The least x with P(X &lt;= x) &gt;= probability.</summary>
    public static double Lower(Univariate distribution, double probability) => Least(distribution, probability, upper: false);

    /// <summary>The least x with P(X &gt; x) &lt;= probability.</summary>
    public static double Upper(Univariate distribution, double probability) => Least(distribution, probability, upper: true);

    // The least x of the support that is far enough, which all beyond it are; the upper end if none is.
    private static double Least(Univariate distribution, double probability, bool upper)
    {
        var (lower, end) = distribution.Support();
        var (below, above) = (Rank(lower), Rank(end));
        if (Reached(lower)) return lower;
        var (next, steps) = (long.MinValue, 0);
        while ((Int128)above - below > 1)
        {
            // Every third look halves what is left in any case.
            var isStep = next > below && next < above && ++steps % 3 != 0;
            var place = isStep ? next : (long)(((Int128)below + above) >> 1);
            var x = At(place);
            if (distribution is Discrete) x = Math.Floor(x);
            var value = upper ? distribution.Survival(x) : distribution.Cumulative(x);
            if (upper ? value <= probability : value >= probability) above = place;
            else below = place;
            next = distribution is Continuous && above - (Int128)below > 16 ? Newton(distribution, x, value, probability, upper, above == place) : long.MinValue;
        }

        return distribution is Discrete ? Math.Floor(At(above)) : At(above);

        bool Reached(double x) => upper ? distribution.Survival(x) <= probability : distribution.Cumulative(x) >= probability;
    }

    // Where the tangent of ln P reaches ln probability; two places further, away from here, so that what is left ends there once the steps are small.
    private static long Newton(Univariate distribution, double x, double value, double probability, bool upper, bool isAbove)
    {
        var step = value * Math.Exp(-distribution.LogDensity(x)) * Math.Log(probability / value);
        var to = x + (upper ? -step : step);
        return double.IsFinite(to) ? Rank(to) + (isAbove ? -2 : 2) : long.MinValue;
    }

    /// <summary>The place of a double among all doubles in their order.</summary>
    private static long Rank(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        return bits >= 0 ? bits : long.MinValue - bits;
    }

    private static double At(long rank) => BitConverter.Int64BitsToDouble(rank >= 0 ? rank : long.MinValue - rank);
}
