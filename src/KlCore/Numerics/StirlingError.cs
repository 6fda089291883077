namespace KlCore.Numerics;

/// <summary>
/// What Stirling's formula lacks: ln Gamma(x) - (x - 1/2) ln x + x - ln(2 pi)/2, which is also ln x! - (x + 1/2) ln x + x - ln(2 pi)/2. Positive,
/// falling from +Infinity at 0 towards 1/(12 x); to a few units in the last place for all x &gt; 0.
/// </summary>
/// <remarks>
/// The series for large x: M. Abramowitz, I. Stegun, "Handbook of Mathematical Functions" (1964), 6.1.41. Below, the recurrence from x to x + 1
/// adds (x + 1/2) ln(1 + 1/x) - 1, which is a series of positive terms in 1/(2x + 1). So nothing cancels, and masses that are written with it
/// keep their digits where ln Gamma has none left (C. Loader, "Fast and accurate computation of binomial probabilities", 2000).
/// </remarks>
internal static class StirlingError
{
    /// <summary>From here on the series leaves less than 1e-18.</summary>
    private const int Large = 16;

    private static readonly double[] OfIntegers = [double.PositiveInfinity, .. Enumerable.Range(1, Large - 1).Select(x => Shifted(x))];

    /// <summary>At x &gt;= 0.</summary>
    public static double At(double x) => x >= Large ? GammaFunctions.StirlingRest(x) : x == (int)x ? OfIntegers[(int)x] : Shifted(x);

    private static double Shifted(double x)
    {
        var sum = 0.0;
        for (; x < Large; x++) sum += Step(x);
        return sum + GammaFunctions.StirlingRest(x);
    }

    // (x + 1/2) ln((x + 1)/x) - 1 = atanh(s)/s - 1 with s = 1/(2x + 1).
    private static double Step(double x)
    {
        if (x < 2) return x == 0 ? double.PositiveInfinity : (x + 0.5) * Elementary.Log1p(1 / x) - 1;
        var s = 1 / (2 * x + 1);
        return Elementary.AtanhTail(s) / (2 * s);
    }
}
