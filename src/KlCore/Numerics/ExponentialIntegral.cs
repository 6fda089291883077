namespace KlCore.Numerics;

<<<<<<< HEAD
/// <summary>E_1(x), the integral of e^-t / t from x to infinity, to a few units in the last place for x &gt; 0.</summary>
/// <remarks>Its series and its continued fraction: M. Abramowitz, I. Stegun, "Handbook of Mathematical Functions" (1964), 5.1.11 and 5.1.22.</remarks>
=======
/// <summary>The exponential integral E1(x) = integral of e^-t/t from x to infinity, for x &gt; 0, free of its exponential factor.</summary>
>>>>>>> 8c5d93e (Families on x > 0: what is a power of a gamma variate by one law, and ten more; laws over examples of every univariate family)
internal static class ExponentialIntegral
{
    private const double EulerGamma = 0.57721566490153286061;

<<<<<<< HEAD
    /// <summary>+Infinity at 0; 0 where it is below the doubles.</summary>
    public static double At(double x)
    {
        if (x > 750) return 0;
        return x < 1 ? Series(x) : Fraction(x);
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

    // Lentz's evaluation of e^-x / (x + 1 - 1/(x + 3 - 4/(x + 5 - 9/...))).
    private static double Fraction(double x)
    {
        var b = x + 1;
        var (c, d) = (double.MaxValue, 1 / b);
        var value = d;
        for (var i = 1; i < 200; i++)
        {
            b += 2;
            var a = -(double)i * i;
            d = 1 / (a * d + b);
            c = b + a / c;
            var step = c * d;
            value *= step;
            if (Math.Abs(step - 1) < 1e-16) break;
        }

        return value * Math.Exp(-x);
=======
    /// <summary>
    /// e^x E1(x): -ln x - 0.577 for small x, about 1/x for large x; the mean of ln(1 + t/x) for t exponential. By its power series up to 1, beyond by its continued fraction.
    /// </summary>
    public static double Scaled(double x)
    {
        if (x > 1.1)
        {
            if (double.IsPositiveInfinity(x)) return 0;
            // 1/(x+1 - 1/(x+3 - 4/(x+5 - ...))), from its far end.
            var n = 12 + (int)(100 / x);
            var rest = x + 2 * n + 1;
            for (; n > 0; n--) rest = x + (2 * n - 1) - (double)n * n / rest;
            return 1 / rest;
        }

        var (sum, power) = (0.0, -1.0);
        for (var n = 1; Math.Abs(power) > 1e-17 * Math.Abs(sum); n++) sum += (power *= -x / n) / n;
        return Math.Exp(x) * (sum - EulerGamma - Math.Log(x));
>>>>>>> 8c5d93e (Families on x > 0: what is a power of a gamma variate by one law, and ten more; laws over examples of every univariate family)
    }
}
