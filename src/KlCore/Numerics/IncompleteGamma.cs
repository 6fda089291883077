namespace KlCore.Numerics;

/// <summary>
/// The regularised incomplete gamma functions P(a, x) = (integral of t^(a-1) e^-t from 0 to x)/Gamma(a) and Q = 1 - P for a &gt; 0 and x &gt;= 0. The
/// smaller of the two is what is computed, so that each keeps its digits in its own tail.
/// </summary>
/// <remarks>
/// The series of P to the left, the continued fraction of Q to the right, for large a between them Temme's expansion that is uniform in x, and for small a and
/// x the series of Q that has no 1 in it. Source: A. Gil, J. Segura, N. M. Temme, "Efficient and accurate algorithms for the computation and inversion of the
/// incomplete gamma function ratios", SIAM J. Sci. Comput. 34 (2012).
/// </remarks>
internal static class IncompleteGamma
{
    private const double HalfLogTwoPi = 0.91893853320467274178;
    private const double Epsilon = 1e-17;

    /// <summary>From here on Temme's expansion is good to the last digit.</summary>
    private const double Large = 12;

    /// <summary>Below it the series of P is its first term.</summary>
    private const double Tiny = 1e-290;

    // eta/(lambda - 1) = 1 - eta/3 + eta^2/12 - ... with eta^2/2 = lambda - 1 - ln lambda.
    private static readonly double[] Temme =
    [
        1.0, -0.33333333333333333333, 0.083333333333333333333, -0.014814814814814814815, 0.0011574074074074074074, 0.00035273368606701940035,
        -0.0001787551440329218107, 0.000039192631785224377817, -2.1854485106799921615e-6, -1.8540622107151599607e-6, 8.296711340953086005e-7,
        -1.7665952736826079304e-7, 6.7078535434014985804e-9, 1.0261809784240308043e-8, -4.3820360184533531866e-9, 9.1476995822367902342e-10,
        -2.5514193994946249767e-11, -5.8307721325504250675e-11, 2.4361948020667416244e-11, -5.0276692801141755891e-12, 1.1004392031956134771e-13,
        3.3717632624009853788e-13, -1.3923887224181620659e-13, 2.8534893807047443204e-14, -5.139111834242572619e-16, -1.9752288294349442835e-15,
        8.0995211567045613341e-16, -1.6522531216398161819e-16, 2.5305430097478884233e-18, 1.1686939738559576589e-17, -4.7700370498204847582e-18,
        9.6991260590562371242e-19, -1.293256553803817501e-20,
    ];

    /// <summary>P(a, x), from 0 to 1.</summary>
    public static double Lower(double a, double x)
    {
        var part = Smaller(a, x);
        return part.IsLower ? part.Value : 1 - part.Value;
    }

    /// <summary>Q(a, x), from 0 to 1.</summary>
    public static double Upper(double a, double x)
    {
        var part = Smaller(a, x);
        return part.IsLower ? 1 - part.Value : part.Value;
    }

    /// <summary>ln P(a, x), at most 0, also where P itself would be below the least double.</summary>
    public static double LogLower(double a, double x)
    {
        var part = Smaller(a, x);
        return part.IsLower ? part.Log : Elementary.Log1p(-part.Value);
    }

    /// <summary>ln Q(a, x), at most 0, also where Q itself would be below the least double.</summary>
    public static double LogUpper(double a, double x)
    {
        var part = Smaller(a, x);
        return part.IsLower ? Elementary.Log1p(-part.Value) : part.Log;
    }

    /// <summary>The same for an x that may be below the least double but has a logarithm.</summary>
    public static double Lower(double a, double x, double logX) => x < Tiny ? Math.Exp(TinyLower(a, logX)) : Lower(a, x);

    /// <summary>The same for an x that may be below the least double but has a logarithm.</summary>
    public static double Upper(double a, double x, double logX) => x < Tiny ? -Elementary.Expm1(TinyLower(a, logX)) : Upper(a, x);

    /// <summary>The same for an x that may be below the least double but has a logarithm.</summary>
    public static double LogLower(double a, double x, double logX) => x < Tiny ? TinyLower(a, logX) : LogLower(a, x);

    /// <summary>The same for an x that may be below the least double but has a logarithm.</summary>
    public static double LogUpper(double a, double x, double logX) => x < Tiny ? Math.Log(-Elementary.Expm1(TinyLower(a, logX))) : LogUpper(a, x);

    /// <summary>ln of x^a e^-x / Gamma(a + 1), found from its distance to the peak at x = a. Minus infinity at 0 and at infinity.</summary>
    public static double LogKernel(double a, double x)
    {
        if (x == 0 || double.IsPositiveInfinity(x)) return double.NegativeInfinity;
        if (a < 2) return a * Math.Log(x) - GammaFunctions.LogGammaOnePlus(a) - x;
        return -Elementary.Bregman(a, x - a, x) - HalfLogTwoPi - 0.5 * Math.Log(a) - GammaFunctions.StirlingRest(a);
    }

    /// <summary>The same for an x that may be below the least double but has a logarithm.</summary>
    public static double LogKernel(double a, double x, double logX) => x < Tiny ? TinyLower(a, logX) : LogKernel(a, x);

    // ln P where the first term of its series is all there is.
    private static double TinyLower(double a, double logX) => Math.Min(0, a * logX - GammaFunctions.LogGammaOnePlus(a));

    private static Part Smaller(double a, double x)
    {
        if (x <= 0) return new(true, double.NegativeInfinity, 0);
        if (double.IsPositiveInfinity(x)) return new(false, double.NegativeInfinity, 0);
        if (a >= Large && x > 0.3 * a && x < 2.35 * a) return Middle(a, x);
        if (a < 1 && x < 1.1)
        {
            var left = new Part(true, LogKernel(a, x), Series(a, x));
            return left.Value <= 0.5 ? left : new(false, 0, SmallUpper(a, x));
        }

        return x <= a ? new(true, LogKernel(a, x), Series(a, x)) : new(false, LogKernel(a, x), a * Fraction(a, x));
    }

    // P = x^a e^-x / Gamma(a + 1) (1 + x/(a+1) + x^2/((a+1)(a+2)) + ...).
    private static double Series(double a, double x)
    {
        var (sum, term) = (1.0, 1.0);
        for (var n = 1; term > Epsilon * sum; n++) sum += term *= x / (a + n);
        return sum;
    }

    // Q = 1 - x^a/Gamma(1 + a) (1 + a sum of (-x)^n/(n! (a + n))), for a below 1 and x about 1 at most.
    private static double SmallUpper(double a, double x)
    {
        var exponent = a * Math.Log(x) - GammaFunctions.LogGammaOnePlus(a);
        var (sum, power) = (0.0, 1.0);
        for (var n = 1; Math.Abs(power) > Epsilon * Math.Abs(sum); n++) sum += (power *= -x / n) / (a + n);
        return -Elementary.Expm1(exponent) - Math.Exp(exponent) * a * sum;
    }

    // Gamma(a, x) e^x x^-a = 1/(x+1-a - 1(1-a)/(x+3-a - 2(2-a)/(x+5-a - ...))), from its far end, which forgets the rounding of all but the
    // last steps. That many steps are enough for x of at least 1.1 and a, and 2.35 a for large a.
    private static double Fraction(double a, double x)
    {
        var n = 12 + (int)(100 / x);
        var rest = x + 2 * n + 1 - a;
        for (; n > 0; n--) rest = x + (2 * n - 1) - a - n * (n - a) / rest;
        return 1 / rest;
    }

    // Q = erfc(eta sqrt(a/2))/2 + R, R = e^(-a eta^2/2)/sqrt(2 pi a) S(eta), with eta of the sign of x - a.
    private static Part Middle(double a, double x)
    {
        var exponent = Elementary.Bregman(a, x - a, x);
        var eta = Math.Sqrt(2 * exponent / a);
        var upper = x >= a;
        var rest = Expansion(a, upper ? eta : -eta) / Math.Sqrt(2 * Math.PI * a);
        return new(!upper, -exponent, 0.5 * StandardNormal.ScaledComplement(Math.Sqrt(exponent)) + (upper ? rest : -rest));
    }

    private static double Expansion(double a, double eta)
    {
        Span<double> beta = stackalloc double[Temme.Length];
        var last = Temme.Length - 1;
        (beta[last], beta[last - 1], beta[last - 2]) = (0, Temme[last], Temme[last - 1]);
        for (var n = last - 2; n > 0; n--) beta[n - 1] = Temme[n] + (n + 1) * beta[n + 1] / a;
        var sum = 0.0;
        for (var n = last - 1; n >= 0; n--) sum = Math.FusedMultiplyAdd(sum, eta, beta[n]);
        return sum / (1 + beta[1] / a);
    }

    /// <summary>The smaller of P and Q as e^exponent times a factor.</summary>
    private readonly record struct Part(bool IsLower, double Exponent, double Factor)
    {
        public double Value => Factor == 0 ? 0 : Math.Min(1, Math.Exp(Exponent) * Factor);

        public double Log => Factor == 0 ? double.NegativeInfinity : Math.Min(0, Exponent + Math.Log(Factor));
    }
}
