namespace KlCore.Numerics;

/// <summary>
/// The modified Bessel functions e^-k I_0(k) and e^-k I_1(k) for k &gt;= 0, and their ratio A(k) = I_1(k)/I_0(k), which is the mean of the cosine under
/// the von Mises distribution, with 1 - A and its derivative A' to their own digits: by the power series, of positive terms, up to 20, by Hankel's
/// asymptotic series beyond.
/// </summary>
/// <remarks>M. Abramowitz, I. Stegun, "Handbook of Mathematical Functions" (1964), 9.6.10 and 9.7.1.</remarks>
internal static class ScaledBessel
{
    /// <summary>From here on the least term of the asymptotic series is below 1e-17.</summary>
    private const double Large = 20;

    // The trapezoidal rule of periodic functions is exact to rounding with so many points up to there.
    private const int Points = 64;

    /// <summary>e^-k I_0(k): 1 at 0, like 1/sqrt(2 pi k) for large k.</summary>
    public static double Zero(double k) => k < Large ? Math.Exp(-k) * Series(k, 0) : Hankel.At(k).Zero / Math.Sqrt(2 * Math.PI) / Math.Sqrt(k);

    /// <summary>e^-k I_1(k): 0 at 0.</summary>
    public static double One(double k) => k < Large ? Math.Exp(-k) * (k / 2) * Series(k, 1) : Hankel.At(k).One / Math.Sqrt(2 * Math.PI) / Math.Sqrt(k);

    /// <summary>A(k) = I_1(k)/I_0(k), from 0 at 0 up to 1.</summary>
    public static double Ratio(double k) => k < Large ? k / 2 * Series(k, 1) / Series(k, 0) : 1 - Hankel.At(k).RatioGap;

    /// <summary>1 - A(k), like 1/(2k) for large k.</summary>
    public static double RatioGap(double k) => k < Large ? 1 - Ratio(k) : Hankel.At(k).RatioGap;

    /// <summary>A'(k) = 1 - A/k - A^2, the variance of the cosine: 1/2 at 0, like 1/(2 k^2) for large k.</summary>
    public static double RatioSlope(double k)
    {
        if (k >= Large) return Hankel.At(k).RatioSlope(k);
        var (mean, total, squares) = (Ratio(k), 0.0, 0.0);
        for (var i = 0; i < Points; i++)
        {
            var cosine = Math.Cos(2 * Math.PI * i / Points);
            var weight = Math.Exp(k * (cosine - 1));
            total += weight;
            squares += weight * (cosine - mean) * (cosine - mean);
        }

        return squares / total;
    }

    /// <summary>ln I_0(b) - ln I_0(a) - (b - a) A(a), which is never negative and 0 for b = a.</summary>
    public static double LogZeroBregman(double a, double b)
    {
        var d = b - a;
        if (d == 0) return 0;
        // The integral of (b - t) A'(t) from a to b.
        if (Math.Max(a, b) < 2 * Large && Math.Abs(d) < 1) return GaussLegendre.Integrate(a, b, t => (b - t) * RatioSlope(t));
        if (Math.Min(a, b) < Large) return Math.Max(0, Math.Log(Zero(b) / Zero(a)) + d * RatioGap(a));
        // ln I_0(k) = k - ln(2 pi k)/2 + R(k): the first is linear, the second a Bregman divergence by itself.
        return 0.5 * Elementary.Bregman(1, d / a, b / a) + Hankel.RestBregman(a, b);
    }

    // The sum over j of (k^2/4)^j / (j! (j + v)!).
    private static double Series(double k, int v)
    {
        var (z, term, sum) = (k * k / 4, 1.0, 1.0);
        for (var j = 1; term > 1e-17 * sum; j++)
        {
            term *= z / (j * (double)(j + v));
            sum += term;
        }

        return sum;
    }

    /// <summary>Hankel's sums for both orders, and what they lack to each other.</summary>
    private readonly record struct Hankel(double Zero, double One, double RatioGap, double Second)
    {
        // ln of the sum of order 0 in powers of 1/k: 1/8, 1/16, 25/384, ..., found by formal division.
        private static readonly double[] Rest = LogOfSum(12);

        public static Hankel At(double k)
        {
            var (zero, one, gap, second) = (1.0, 1.0, 0.0, 0.0);
            var (termZero, termOne) = (1.0, 1.0);
            for (var j = 1; j < 40; j++)
            {
                var odd = 2.0 * j - 1;
                // (I_0 - I_1)/I_0 less 1/(2k), whose own series begins one power later.
                second -= termZero / (2 * k);
                termZero *= odd * odd / (8.0 * j) / k;
                termOne *= (odd * odd - 4) / (8.0 * j) / k;
                (zero, one) = (zero + termZero, one + termOne);
                gap += termZero - termOne;
                second += j == 1 ? 1 / (2 * k) : termZero - termOne;
                // What is left must be small beside 1/k^2, with which the last of these begins.
                if (termZero * k * k < 1e-18) break;
            }

            return new Hankel(zero, one, gap / zero, second / zero);
        }

        // A' = 2 (D - 1/(2k)) + D (1/k - D) with D = 1 - A.
        public double RatioSlope(double k) => 2 * Second + RatioGap * (1 / k - RatioGap);

        // That of c/k^j is c (b - a)^2 times the sum over i < j of (i + 1) a^-(i+2) b^-(j-i).
        public static double RestBregman(double a, double b)
        {
            var (d, total) = ((b - a) / a, 0.0);
            for (var j = 1; j <= Rest.Length; j++)
            {
                var sum = 0.0;
                for (var i = 0; i < j; i++) sum += (i + 1) * Math.Pow(a, -i) * Math.Pow(b, i - j);
                total += Rest[j - 1] * sum;
            }

            return d * d * total;
        }

        private static double[] LogOfSum(int count)
        {
            var (terms, logs) = (new double[count + 1], new double[count]);
            terms[0] = 1;
            for (var j = 1; j <= count; j++) terms[j] = terms[j - 1] * (2.0 * j - 1) * (2.0 * j - 1) / (8.0 * j);
            for (var j = 1; j <= count; j++)
            {
                var sum = j * terms[j];
                for (var i = 1; i < j; i++) sum -= i * logs[i - 1] * terms[j - i];
                logs[j - 1] = sum / j;
            }

            return logs;
        }
    }
}
