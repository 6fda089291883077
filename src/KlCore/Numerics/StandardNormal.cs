namespace KlCore.Numerics;

/// <summary>Density and distribution function of the standard normal, each to a few units in the last place also far out in the tails.</summary>
/// <remarks>
/// The rational approximations are those of W. J. Cody, "Rational Chebyshev approximations for the error function", Mathematics of Computation 23
/// (1969). The factor e^(-x^2/2) is taken of x itself with the rounding error of x^2, which would cost three digits at x = -30.
/// </remarks>
internal static class StandardNormal
{
    private const double InverseRootTwoPi = 0.398942280401432677939946;
    private const double InverseRootPi = 0.564189583547756286948079;
    private const double RootHalf = 0.707106781186547524400844;

    private const double RootHalfPi = 1.25331413731550025120788;

    /// <summary>Up to here the error function has a series of its own.</summary>
    private const double Small = 0.46875;

    private static readonly double[] SmallUpper = [1.85777706184603153e-1, 3.16112374387056560, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3];
    private static readonly double[] SmallLower = [1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3];

    private static readonly double[] MiddleUpper =
    [
        2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1, 2.98635138197400131e2, 8.81952221241769090e2,
        1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3,
    ];

    private static readonly double[] MiddleLower =
    [
        1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3, 3.29079923573345963e3, 4.36261909014324716e3,
        3.43936767414372164e3, 1.23033935480374942e3,
    ];

    private static readonly double[] FarUpper = [1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1, 1.60837851487422766e-2, 6.58749161529837803e-4];
    private static readonly double[] FarLower = [1, 2.56852019228982242, 1.87295284992346725, 5.27905102951428412e-1, 6.05183413124413191e-2, 2.33520497626869185e-3];

    /// <summary>phi(x) = e^(-x^2/2) / sqrt(2 pi); 0 at either infinity.</summary>
    public static double Density(double x) => InverseRootTwoPi * Bell(x);

    /// <summary>Phi(x), the probability of at most x: from 0 to 1.</summary>
    public static double Cumulative(double x)
    {
        var y = RootHalf * Math.Abs(x);
        if (y <= Small) return 0.5 + 0.5 * RootHalf * x * Ratio(SmallUpper, SmallLower, y * y);
        var tail = 0.5 * Bell(x) * (y <= 4 ? Ratio(MiddleUpper, MiddleLower, y) : Far(y));
        return x < 0 ? tail : 1 - tail;
    }

    /// <summary>ln Phi(x), to its digits in either tail: -x^2/2 - ln(-x) - ... far below 0, -Phi(-x) far above.</summary>
    public static double LogCumulative(double x)
    {
        if (x > -1) return Elementary.Log1p(-Cumulative(-x));
        return double.IsNegativeInfinity(x) ? x : -0.5 * x * x + Math.Log(0.5 * ScaledComplement(-RootHalf * x));
    }

    /// <summary>The x with Phi(x) = <paramref name="probability"/>; minus or plus infinity for 0 or 1.</summary>
    /// <remarks>MathNet's value, whose last digits are put right by a step of Halley's method on the smaller tail.</remarks>
    public static double Quantile(double probability)
    {
        if (probability <= 0) return double.NegativeInfinity;
        if (probability > 0.5) return -Quantile(1 - probability);
        var x = MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, probability);
        var miss = (Cumulative(x) - probability) / Density(x);
        return double.IsFinite(miss) ? x - miss / (1 + 0.5 * x * miss) : x;
    }

    /// <summary>The ratio of Mills, (1 - Phi(x))/phi(x): about 1/x for large x, growing like e^(x^2/2) below 0.</summary>
    public static double MillsRatio(double x)
    {
        var upper = RootHalfPi * ScaledComplement(RootHalf * Math.Abs(x));
        return x >= 0 ? upper : 1 / Density(x) - upper;
    }

    /// <summary>e^(y^2) erfc(y) for y of at least 0: falls from 1 like 1/(y sqrt(pi)), never below it by underflow.</summary>
    public static double ScaledComplement(double y) => y switch
    {
        <= Small => Math.Exp(y * y) * (1 - y * Ratio(SmallUpper, SmallLower, y * y)),
        <= 4 => Ratio(MiddleUpper, MiddleLower, y),
        _ => Far(y),
    };

    /// <summary>e^(y^2) erfc(y) for y above 4; 0 at infinity.</summary>
    private static double Far(double y)
    {
        var z = 1 / (y * y);
        return (InverseRootPi - z * Ratio(FarUpper, FarLower, z)) / y;
    }

    /// <summary>e^(-x^2/2).</summary>
    private static double Bell(double x)
    {
        var square = x * x;
        // Beyond 40 nothing is left, and the error of an infinite square would be NaN.
        return square > 1600 ? 0 : Math.Exp(-0.5 * square) * (1 - 0.5 * Math.FusedMultiplyAdd(x, x, -square));
    }

    private static double Ratio(double[] upper, double[] lower, double x)
    {
        var (above, below) = (0.0, 0.0);
        for (var i = 0; i < upper.Length; i++) (above, below) = (above * x + upper[i], below * x + lower[i]);
        return above / below;
    }
}
