namespace KlCore.Numerics;

/// <summary>
/// The logarithm of the gamma function and its first two derivatives, for positive numbers. Each is shifted upwards by its recurrence to where
/// its asymptotic series holds, the first one near 1 and 2 downwards to its power series. Absolute errors are below 1e-14 for moderate arguments, relative ones below 1e-14 for large.
/// Source: M. Abramowitz, I. Stegun, "Handbook of Mathematical Functions" (1964), 6.1.41, 6.3.18, 6.4.12.
/// </summary>
internal static class GammaFunctions
{
    private const double HalfLog2Pi = 0.91893853320467274178;

    /// <summary>From here on eight terms of the series leave less than 1e-16.</summary>
    private const double Large = 10;

    // (-1)^k (zeta(k) - 1) / k for k = 2, 3, ...: ln Gamma(2 + y) less its linear term.
    private static readonly double[] AroundTwo =
    [
        0.32246703342411321824, -0.067352301053198095133, 0.020580808427784547879, -0.0073855510286739852663, 0.0028905103307415232858,
        -0.0011927539117032609771, 0.00050966952474304242234, -0.00022315475845357937976, 0.000099457512781808533715, -0.0000449262367381331417,
        0.000020507212775670691553, -9.439488275268395904e-6, 4.3748667899074878042e-6, -2.0392157538013662368e-6, 9.5514121304074198329e-7,
        -4.4924691987645660433e-7, 2.1207184805554665869e-7, -1.0043224823968099609e-7, 4.7698101693639805658e-8, -2.271109460894316491e-8,
        1.0838659214896954091e-8, -5.1834750419700466551e-9, 2.4836745438024783172e-9, -1.1921401405860912074e-9, 5.7313672416788620133e-10,
        -2.7595228851242331452e-10, 1.3304764374244489481e-10,
    ];

    /// <summary>ln Gamma(x) for x &gt; 0, to a few units in the last place, near its zeros at 1 and 2 as well. +Infinity at 0 and at infinity.</summary>
    public static double LogGamma(double x)
    {
        if (x < 0.5) return LogGammaOnePlus(x) - Math.Log(x);
        if (x <= 2.5) return LogGammaOnePlus(x - 1);
        if (x >= Large) return double.IsPositiveInfinity(x) ? x : (x - 0.5) * (Math.Log(x) - 1) - 0.5 + HalfLog2Pi + StirlingRest(x);
        // (x-1)(x-2)... down to what is near 2, so that there is one logarithm for all of the shift.
        var product = 1.0;
        while (x > 2.5) product *= --x;
        return Math.Log(product) + LogGammaNearTwo(x - 2);
    }

    /// <summary>ln Gamma(1 + x) for x &gt; -1, to a few units in the last place also where it is nearly 0: at 0 it goes like -0.5772 x.</summary>
    public static double LogGammaOnePlus(double x) => x switch
    {
        < -0.5 => LogGamma(1 + x),
        <= 0.5 => LogGammaNearTwo(x) - Elementary.Log1p(x),
        <= 1.5 => LogGammaNearTwo(x - 1),
        _ => LogGamma(1 + x),
    };

    /// <summary>ln Gamma(x) - (x - 1/2) ln x + x - ln(2 pi)/2 for x &gt; 0: what Stirling's formula leaves, about 1/(12 x).</summary>
    public static double StirlingRest(double x)
    {
        if (x < 2) return LogGamma(x) - (x - 0.5) * Math.Log(x) + x - HalfLog2Pi;
        // It falls by (x + 1/2) ln(1 + 1/x) - 1 from x to x + 1.
        var shift = 0.0;
        for (; x < Large; x++) shift += (x + 0.5) * Elementary.AtanhTail(1 / (2 * x + 1));
        var z = 1 / x / x;
        var series = -691.0 / 360360;
        series = series * z + 1.0 / 1188;
        series = series * z - 1.0 / 1680;
        series = series * z + 1.0 / 1260;
        series = series * z - 1.0 / 360;
        series = series * z + 1.0 / 12;
        return series / x + shift;
    }

    /// <summary>ln Gamma(a) + a - a psi(a) for a &gt; 0: the entropy of the logarithm of a gamma variate of shape a.</summary>
    public static double GammaEntropy(double a)
    {
        if (a < 1) return LogGamma(a) + a + 1 - a * Digamma(1 + a);
        if (a < 12) return LogGamma(a) + a - a * Digamma(a);
        return 0.5 * Math.Log(2 * Math.PI / a) + 0.5 + StirlingRest(a) + StirlingSlope(a);
    }

    /// <summary>-a times the derivative of Stirling's rest at a of at least 12: 1/(12 a) - 3/(360 a^3) + ...</summary>
    public static double StirlingSlope(double a)
    {
        var z = 1 / a / a;
        return (1.0 / 12 + z * (-1.0 / 120 + z * (1.0 / 252 + z * (-1.0 / 240 + z * (1.0 / 132 - z * (691.0 / 32760)))))) / a;
    }

    // ln Gamma(2 + y) for |y| up to 1/2.
    private static double LogGammaNearTwo(double y)
    {
        var (even, odd, z) = (0.0, 0.0, y * y);
        for (var k = AroundTwo.Length - 1; k > 0; k -= 2)
        {
            even = Math.FusedMultiplyAdd(even, z, AroundTwo[k]);
            odd = Math.FusedMultiplyAdd(odd, z, AroundTwo[k - 1]);
        }

        even = Math.FusedMultiplyAdd(even, z, AroundTwo[0]);
        return y * Math.FusedMultiplyAdd(y, Math.FusedMultiplyAdd(y, odd, even), 0.42278433509846713939);
    }

    /// <summary>psi(x), the derivative of ln Gamma, for x &gt; 0.</summary>
    public static double Digamma(double x)
    {
        var shift = 0.0;
        for (; x < Large; x++) shift += 1 / x;
        var z = 1 / (x * x);
        var series = 1.0 / 12;
        series = series * z - 691.0 / 32760;
        series = series * z + 1.0 / 132;
        series = series * z - 1.0 / 240;
        series = series * z + 1.0 / 252;
        series = series * z - 1.0 / 120;
        series = series * z + 1.0 / 12;
        return Math.Log(x) - 0.5 / x - series * z - shift;
    }

    /// <summary>The derivative of psi, for x &gt; 0.</summary>
    public static double Trigamma(double x)
    {
        var shift = 0.0;
        for (; x < Large; x++) shift += 1 / (x * x);
        var z = 1 / (x * x);
        var series = 7.0 / 6;
        series = series * z - 691.0 / 2730;
        series = series * z + 5.0 / 66;
        series = series * z - 1.0 / 30;
        series = series * z + 1.0 / 42;
        series = series * z - 1.0 / 30;
        series = series * z + 1.0 / 6;
        return (1 + 0.5 / x + series * z) / x + shift;
    }
}
