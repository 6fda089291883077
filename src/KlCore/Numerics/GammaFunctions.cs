namespace KlCore.Numerics;

/// <summary>
/// The logarithm of the gamma function and its first two derivatives, for positive numbers. Each is shifted upwards by its recurrence to where
/// its asymptotic series holds. Absolute errors are below 1e-14 for moderate arguments, relative ones below 1e-14 for large.
/// Source: M. Abramowitz, I. Stegun, "Handbook of Mathematical Functions" (1964), 6.1.41, 6.3.18, 6.4.12.
/// </summary>
internal static class GammaFunctions
{
    private const double HalfLog2Pi = 0.91893853320467274178;

    /// <summary>From here on eight terms of the series leave less than 1e-16.</summary>
    private const double Large = 10;

    /// <summary>ln Gamma(x) for x &gt; 0.</summary>
    public static double LogGamma(double x)
    {
        // (x)(x+1)...(x+n-1), below 1e10, so that there is one logarithm for all of the shift.
        var product = 1.0;
        for (; x < Large; x++) product *= x;
        var z = 1 / (x * x);
        var series = -691.0 / 360360;
        series = series * z + 1.0 / 1188;
        series = series * z - 1.0 / 1680;
        series = series * z + 1.0 / 1260;
        series = series * z - 1.0 / 360;
        series = series * z + 1.0 / 12;
        return (x - 0.5) * Math.Log(x) - x + HalfLog2Pi + series / x - Math.Log(product);
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
