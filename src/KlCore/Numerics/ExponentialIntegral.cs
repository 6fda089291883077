namespace KlCore.Numerics;

/// <summary>E_1(x), the integral of e^-t / t from x to infinity, to a few units in the last place for x &gt; 0.</summary>
/// <remarks>Its series and its continued fraction: M. Abramowitz, I. Stegun, "Handbook of Mathematical Functions" (1964), 5.1.11 and 5.1.22.</remarks>
internal static class ExponentialIntegral
{
    private const double EulerGamma = 0.57721566490153286061;

    /// <summary>+Infinity at 0; 0 where it is below the doubles.</summary>
    public static double At(double x)
    {
        if (x > 750) return 0;
        return x < 1 ? Series(x) : Fraction(x) * Math.Exp(-x);
    }

    /// <summary>e^x E_1(x): -ln x - 0.577 for small x, about 1/x for large x; the mean of ln(1 + t/x) for t exponential. 0 at infinity.</summary>
    public static double Scaled(double x)
    {
        if (double.IsPositiveInfinity(x)) return 0;
        return x < 1 ? Series(x) * Math.Exp(x) : Fraction(x);
    }

    private static double Series(double x)
    {
        var (sum, power) = (0.0, -1.0);
        for (var k = 1; k < 25; k++)
        {
            power *= -x / k;
            sum += power / k;
        }

        return -EulerGamma - Math.Log(x) + sum;
    }

    // 1/(x + 1 - 1/(x + 3 - 4/(x + 5 - 9/...))), from its far end, which forgets the rounding of all but the last steps.
    private static double Fraction(double x)
    {
        var n = 12 + (int)(100 / x);
        var rest = x + 2 * n + 1;
        for (; n > 0; n--) rest = x + (2 * n - 1) - (double)n * n / rest;
        return 1 / rest;
    }
}
