namespace KlCore.Numerics;

/// <summary>
/// x^a y^b / B(a, b) with y = 1 - x, on which the density of the beta distribution and the incomplete beta function rest: by Stirling's formula
/// with the deviations of x from a/(a + b) taken out, so that large a and b do not cancel.
/// </summary>
/// <remarks>C. Loader, "Fast and accurate computation of binomial probabilities" (2000), for numbers that need not be integers.</remarks>
internal static class BetaPower
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>Up to here the logarithms of gamma functions are small enough to be subtracted.</summary>
    private const double Small = 8;

    /// <summary>ln(x^a y^b / B(a, b)) for a, b &gt; 0 and 0 &lt;= x, y with x + y = 1; minus infinity at either end.</summary>
    public static double Log(double a, double b, double x, double y)
    {
        if (x == 0 || y == 0) return double.NegativeInfinity;
        var n = a + b;
        if (n <= Small) return a * LogOf(x, y) + b * LogOf(y, x) - LogBeta(a, b);
        // a ln(n x / a) + b ln(n y / b) without its linear parts, which are each other's opposites.
        var d = Difference(a, b, x, y);
        var deviance = Elementary.Bregman(a, d, n * x) + Elementary.Bregman(b, -d, n * y);
        return StirlingRest(n) - StirlingRest(a) - StirlingRest(b) + 0.5 * (Math.Log(a / n) + Math.Log(b)) - HalfLogTwoPi - deviance;
    }

    /// <summary>ln B(a, b) for a, b &gt; 0, with an absolute error of some 1e-15 where it is moderate.</summary>
    public static double LogBeta(double a, double b)
    {
        var n = a + b;
        if (n <= Small) return GammaFunctions.LogGammaOnePlus(a) + GammaFunctions.LogGammaOnePlus(b) - GammaFunctions.LogGammaOnePlus(n) + Math.Log(n / a) - Math.Log(b);
        var (least, most) = (Math.Min(a, b), Math.Max(a, b));
        var entropy = least * (Math.Log(least / n)) + most * Elementary.Log1p(-least / n);
        return StirlingRest(a) + StirlingRest(b) - StirlingRest(n) - 0.5 * (Math.Log(a / n) + Math.Log(b)) + HalfLogTwoPi + entropy;
    }

    /// <summary>b x - a y without the cancellation, nor with what rounding took from the larger of x and y: times 1e9 that is more than the last digit.</summary>
    public static double Difference(double a, double b, double x, double y) =>
        Math.FusedMultiplyAdd(b, x, -a * y) + Math.FusedMultiplyAdd(-a, y, a * y) + (x < y ? -a * (1 - y - x) : b * (1 - x - y));

    // A number so near to 1 that it is rounded is known by its distance from 1.
    private static double LogOf(double x, double y) => x < 0.5 ? Math.Log(x) : Elementary.Log1p(-y);

    private static double StirlingRest(double x) =>
        x < 2 ? GammaFunctions.LogGammaOnePlus(x) - (x + 0.5) * Math.Log(x) + x - HalfLogTwoPi : GammaFunctions.StirlingRest(x);
}
