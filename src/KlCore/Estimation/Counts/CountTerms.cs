using KlCore.Numerics;

namespace KlCore.Estimation.Counts;

/// <summary>Functions of counts in forms that do not cancel, however large the counts are.</summary>
internal static class CountTerms
{
    /// <summary>From here on asymptotic series hold.</summary>
    private const double Large = 10;

    /// <summary>Up to so many terms a harmonic sum is added up.</summary>
    private const double FewTerms = 32;

    /// <summary>ln(whole / part), of a part whose rest is known exactly; near 0 by the rest.</summary>
    public static double LogQuotient(double part, double whole, double rest) => rest < 0.5 * whole ? -Elementary.Log1p(-rest / whole) : Math.Log(whole / part);

    /// <summary>psi(whole) - psi(part) = sum over k from part to whole - 1 of 1/k, for whole numbers.</summary>
    public static double HarmonicGap(double part, double whole)
    {
        if (whole - part > FewTerms) return DigammaGap(part, whole, whole - part);
        var sum = 0.0;
        for (var k = whole - 1; k >= part; k--) sum += 1 / k;
        return sum;
    }

    /// <summary>psi(whole) - psi(part) for positive numbers, of which the difference is known exactly.</summary>
    public static double DigammaGap(double part, double whole, double rest) =>
        rest == 0 ? 0 : LogQuotient(part, whole, rest) + LogGammaBregman.LogLessDigamma(part) - LogGammaBregman.LogLessDigamma(whole);

    /// <summary>
    /// ln Gamma(x + d) - ln Gamma(x) - d ln x for x &gt; 0 and d at least 0: sum over j &lt; d of ln(1 + j/x) where d is whole. Small where d is small
    /// beside x, with all its digits.
    /// </summary>
    public static double LogRise(double x, double d)
    {
        if (d == 0) return 0;
        if (x < Large) return GammaFunctions.LogGamma(x + d) - GammaFunctions.LogGamma(x) - d * Math.Log(x);
        return Elementary.Bregman(x + d, -d, x) - 0.5 * Elementary.Log1p(d / x) + GammaFunctions.StirlingRest(x + d) - GammaFunctions.StirlingRest(x);
    }

    /// <summary>1 + (n - 1) ln(1 - 1/n): 1 for n = 1, then about 1/(2n).</summary>
    public static double JackknifeTerm(double n)
    {
        if (n == 1) return 1;
        if (n < 100) return 1 + (n - 1) * Elementary.Log1p(-1 / n);
        var z = 1 / n;
        var series = 0.0;
        for (var k = 9; k >= 1; k--) series = (series + 1.0 / (k * (k + 1))) * z;
        return series;
    }
}
