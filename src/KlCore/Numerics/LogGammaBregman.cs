namespace KlCore.Numerics;

/// <summary>How far ln Gamma lies above its tangent: what divergences within the gamma, beta and Dirichlet families are made of.</summary>
internal static class LogGammaBregman
{
    /// <summary>From here on seven terms of Stirling's series leave less than 1e-16.</summary>
    internal const double Large = 12;

    // B_2k / (2k (2k - 1)), k = 1, 2, ...
    private static readonly double[] Stirling = [1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156];

    /// <summary>
    /// B(b; a) = ln Gamma(b) - ln Gamma(a) - (b - a) psi(a) for a, b &gt; 0: at least 0, exactly 0 for b = a, to about 1e-15 relative however near or
    /// far apart the two are.
    /// </summary>
    /// <remarks>
    /// Both are shifted by N to where Stirling's series holds: B = sum_i g((b - a)/(a + i)) + A phi(r) + g(r)/2 + R with A = a + N, r = (b - a)/A,
    /// g(r) = r - ln(1 + r), phi(r) = (1 + r) ln(1 + r) - r, and R, the same of Stirling's series, of which (b - a)^2 is taken out by hand.
    /// </remarks>
    public static double Of(double b, double a) => Of(b, a, b - a);

    /// <summary>The same for a difference b - a that is known better than the two would tell.</summary>
    public static double Of(double b, double a, double difference)
    {
        if (difference == 0) return 0;
        var sum = 0.0;
        for (; a < Large || b < Large; a++, b++) sum += Excess(a, b, difference);
        return sum + Elementary.Bregman(b, -difference, a) + 0.5 * Excess(a, b, difference) + Rest(b, a, difference);
    }

    /// <summary>B(a + d; a) - d^2/(2a) for a of at least 12 and |d| of at most a/4, where that is small beside either.</summary>
    public static double BeyondSquare(double a, double d)
    {
        // Of a (phi(r) - r^2/2) + g(r)/2 the term in r^k has the factor (-1)^k (a/(k (k-1)) + 1/(2k)).
        var (r, sum) = (d / a, 0.25 * (d / a) * (d / a));
        var power = -r * r * r;
        for (var k = 3; k < 40; k++, power *= -r) sum += power * (a / (k * (k - 1.0)) + 0.5 / k);
        return sum + Rest(a + d, a, d);
    }

    /// <summary>
    /// B(b; a) - b ln(b/a) + b - a, at least 0: what gamma densities of shapes a and b differ by where their means are equal. For large shapes that is g(r)/2 and
    /// the rest of Stirling's series alone; for shapes of one size the sums of <see cref="Of(double, double)"/>, else what the two logarithms of gamma come to.
    /// </summary>
    public static double OfEqualMeans(double b, double a)
    {
        var difference = b - a;
        if (difference == 0) return 0;
        if (a >= Large && b >= Large) return 0.5 * Excess(a, b, difference) + Rest(b, a, difference);
        if (b < 2 * a && a < 2 * b) return Of(b, a, difference) - Elementary.Bregman(b, -difference, a);
        return b * LogLessDigamma(a) + GammaFunctions.LogGamma(b) + b - b * Math.Log(b) - GammaFunctions.GammaEntropy(a);
    }

    /// <summary>ln a - psi(a) &gt; 0, for large a about 1/(2a): it falls by g(1/a) from a to a + 1.</summary>
    public static double LogLessDigamma(double a)
    {
        if (a < 1e-3) return Math.Log(a) - GammaFunctions.Digamma(1 + a) + 1 / a;
        var shift = 0.0;
        for (; a < Large; a++) shift += Excess(a, a + 1, 1);
        return shift + (0.5 + GammaFunctions.StirlingSlope(a)) / a;
    }

    /// <summary>
    /// B(b; a) less b ln(b/a) - (b - a), of which the most of it consists for large a and b: at least 0, since psi'(x) &gt; 1/x. What a divergence
    /// within the beta family is made of besides that between its means.
    /// </summary>
    public static double Surplus(double b, double a, double difference)
    {
        if (difference == 0) return 0;
        if (a >= Large && b >= Large) return 0.5 * Excess(a, b, difference) + Rest(b, a, difference);
        return Of(b, a, difference) - Elementary.Bregman(b, -difference, a);
    }

    /// <summary>r - ln(1 + r) with r = (b - a)/a, for a and b of any size.</summary>
    internal static double Excess(double a, double b, double difference)
    {
        var s = difference / (a + b);
        return Math.Abs(s) <= 0.2 ? difference / a * s - Elementary.AtanhTail(s) : difference / a + Elementary.LogOfRatio(a, b);
    }

    /// <summary>R: what Stirling's series has of it, for a and b of at least <see cref="Large"/>.</summary>
    // Of x^-m: b^-m - a^-m + m (b - a) a^(-m-1) = (b - a)^2 / a^2 times the sum of (j + 1) a^-j b^-(m-j) over j below m.
    internal static double Rest(double b, double a, double difference)
    {
        var (u, v) = (1 / a, 1 / b);
        var (total, power, inner) = (0.0, u, v);
        for (var (k, m) = (0, 1); k < Stirling.Length; k++)
        {
            total += Stirling[k] * inner;
            for (var step = 0; step < 2; step++, m++, power *= u) inner = v * (inner + (m + 1) * power);
        }

        var r = difference / a;
        return r * (r * total);
    }
}
