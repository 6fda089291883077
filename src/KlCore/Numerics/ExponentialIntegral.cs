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
    }
}
