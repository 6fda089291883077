namespace KlCore.Numerics;

/// <summary>
/// Logarithms of Poisson and binomial masses as a deviance, which is at least 0, and what Stirling's formula lacks: right to about 1e-15 also where
/// the factorials have 15 digits before the point. Arguments need not be integers.
/// </summary>
/// <remarks>C. Loader, "Fast and accurate computation of binomial probabilities" (2000).</remarks>
internal static class SaddlePoint
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>ln of mean^x e^-mean / Gamma(x + 1), for x and mean at least 0.</summary>
    public static double Poisson(double x, double mean)
    {
        if (mean == 0) return x == 0 ? 0 : double.NegativeInfinity;
        if (x == 0) return -mean;
        return -Elementary.Bregman(x, mean - x, mean) - StirlingError.At(x) - 0.5 * Math.Log(x) - HalfLogTwoPi;
    }

    /// <summary>ln of Gamma(x + y + 1) / (Gamma(x + 1) Gamma(y + 1)) p^x q^y, for x and y at least 0 and p + q = 1.</summary>
    public static double Binomial(double x, double y, double p, double q)
    {
        if (p == 0) return x == 0 ? 0 : double.NegativeInfinity;
        if (q == 0) return y == 0 ? 0 : double.NegativeInfinity;
        if (x == 0) return y * (p < q ? Elementary.Log1p(-p) : Math.Log(q));
        if (y == 0) return x * (q < p ? Elementary.Log1p(-q) : Math.Log(p));
        // n p - x = y p - x q, without the cancellation.
        var n = x + y;
        var difference = DifferenceOfProducts(y, p, x, q);
        // What rounding took from the larger of p and q, times 1e9, is more than the last digit.
        difference += p < q ? -x * (1 - q - p) : y * (1 - p - q);
        var deviance = Elementary.Bregman(x, difference, n * p) + Elementary.Bregman(y, -difference, n * q);
        return StirlingError.At(n) - StirlingError.At(x) - StirlingError.At(y) - deviance + 0.5 * Math.Log(1 / x + 1 / y) - HalfLogTwoPi;
    }

    // Kahan's: a b - c d with the rounding of c d taken back.
    private static double DifferenceOfProducts(double a, double b, double c, double d)
    {
        var product = c * d;
        return Math.FusedMultiplyAdd(a, b, -product) - Math.FusedMultiplyAdd(c, d, -product);
    }
}
