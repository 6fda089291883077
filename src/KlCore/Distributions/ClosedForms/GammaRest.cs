using KlCore.Numerics;

namespace KlCore.Distributions.ClosedForms;

/// <summary>What gamma densities lack in entropy from the normal density of their variance; small for large shapes, and then found by Stirling's series.</summary>
internal static class GammaRest
{
    private const double HalfLogTwoPiE = 1.41893853320467274178;
    private const double Large = 12;

    /// <summary>Of the logarithm of the variate: about 1/(12 a) for large a.</summary>
    public static double InLogarithms(double a)
    {
        if (a < 1e-4) return HalfLogTwoPiE + 0.5 * Elementary.Log1p(a * a * GammaFunctions.Trigamma(1 + a)) - Math.Log(a) - GammaFunctions.GammaEntropy(a);
        if (a < Large) return HalfLogTwoPiE + 0.5 * Math.Log(GammaFunctions.Trigamma(a)) - GammaFunctions.GammaEntropy(a);
        var z = 1 / a / a;
        // a psi'(a) - 1.
        var excess = 0.5 / a + z * (1.0 / 6 + z * (-1.0 / 30 + z * (1.0 / 42 + z * (-1.0 / 30 + z * (5.0 / 66)))));
        return 0.5 * Elementary.Log1p(excess) - GammaFunctions.StirlingRest(a) - GammaFunctions.StirlingSlope(a);
    }

    /// <summary>Of the variate itself: ln(2 pi e a)/2 - a - ln Gamma(a) - (1 - a) psi(a), about 1/(3 a) for large a.</summary>
    public static double OnTheLine(double a)
    {
        if (a < Large) return HalfLogTwoPiE + 0.5 * Math.Log(a) - GammaFunctions.GammaEntropy(a) - GammaFunctions.Digamma(a);
        return LogGammaBregman.LogLessDigamma(a) - GammaFunctions.StirlingRest(a) - GammaFunctions.StirlingSlope(a);
    }

    /// <summary>ln((e^v - 1)/v) for v at least 0: about v/2.</summary>
    public static double LogGrowth(double v) => v < 1e-3 ? v * (0.5 + v * (1.0 / 24 - v * v / 2880)) : Math.Log(Elementary.Expm1(v) / v);
}
