namespace KlCore.Distributions;

/// <summary>
/// Quantiles by bisection over the doubles themselves, in their order, so that 1e-300 and 1e300 are found as surely as 1; for integers over
/// these. At most 64 looks at the distribution function.
/// </summary>
internal static class Inversion
{
    /// <summary>The least x with P(X &lt;= x) &gt;= probability.</summary>
    public static double Lower(Univariate distribution, double probability) => Least(distribution, x => distribution.Cumulative(x) >= probability);

    /// <summary>The least x with P(X &gt; x) &lt;= probability.</summary>
    public static double Upper(Univariate distribution, double probability) => Least(distribution, x => distribution.Survival(x) <= probability);

    /// <summary>The least x of the support for which <paramref name="reached"/> holds, which once it holds goes on to do so; the upper end if it never does.</summary>
    private static double Least(Univariate distribution, Func<double, bool> reached)
    {
        var (lower, upper) = distribution.Support();
        var (below, above) = (Rank(lower), Rank(upper));
        if (reached(lower)) return lower;
        while ((Int128)above - below > 1)
        {
            var middle = (long)(((Int128)below + above) >> 1);
            var x = At(middle);
            if (reached(distribution is Discrete ? Math.Floor(x) : x)) above = middle;
            else below = middle;
        }

        return distribution is Discrete ? Math.Floor(At(above)) : At(above);
    }

    /// <summary>The place of a double among all doubles in their order.</summary>
    private static long Rank(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        return bits >= 0 ? bits : long.MinValue - bits;
    }

    private static double At(long rank) => BitConverter.Int64BitsToDouble(rank >= 0 ? rank : long.MinValue - rank);
}
