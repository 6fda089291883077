namespace KlCore.Numerics;

/// <summary>
/// The regularised incomplete beta function I_x(a, b) = integral from 0 to x of t^(a-1) (1 - t)^(b-1) dt / B(a, b), and what it lacks to 1,
/// each with the digits of its own where it is small; for a and b from 1e-8 to 1e10 and beyond.
/// </summary>
/// <remarks>
/// The side of the mean on which x lies is found directly, by a series of positive terms, by the continued fraction of Didonato and Morris
/// (Algorithm 708, ACM TOMS 18, 1992), or, where these take long, by Gauss's rule on <see cref="BetaTail"/>.
/// </remarks>
internal static class IncompleteBeta
{
    private const int MaximumSteps = 300;

    // Shapes of so little in sum only tell how much is at either end, which is their ratio; a single one makes no difference below the least.
    private const double Tiny = 1e-100;
    private const double Least = 1e-290;

    // Beyond this a shape is one of a gamma variate in units of its own.
    private const double Huge = 1e100;

    /// <summary>I_x(a, b) for x from 0 to 1.</summary>
    public static double Lower(double a, double b, double x) => Lower(a, b, x, 1 - x);

    /// <summary>1 - I_x(a, b).</summary>
    public static double Upper(double a, double b, double x) => Lower(b, a, 1 - x, x);

    /// <summary>ln I_x(a, b).</summary>
    public static double LogLower(double a, double b, double x) => LogLower(a, b, x, 1 - x);

    /// <summary>ln(1 - I_x(a, b)).</summary>
    public static double LogUpper(double a, double b, double x) => LogLower(b, a, 1 - x, x);

    /// <summary>I_x(a, b) of an x whose distance y from 1 is known better than 1 - x would tell. The other side is <c>Lower(b, a, y, x)</c>.</summary>
    public static double Lower(double a, double b, double x, double y)
    {
        var (log, isRest) = Find(a, b, x, y);
        return isRest ? -Elementary.Expm1(log) : Math.Min(1, Math.Exp(log));
    }

    /// <summary>ln I_x(a, b) of an x whose distance y from 1 is known better than 1 - x would tell.</summary>
    public static double LogLower(double a, double b, double x, double y)
    {
        var (log, isRest) = Find(a, b, x, y);
        return isRest ? Elementary.Log1p(-Math.Exp(log)) : Math.Min(0, log);
    }

    /// <summary>Shapes of the same law, as far as doubles can tell, that are not next to the least doubles.</summary>
    public static (double A, double B) Tame(double a, double b)
    {
        if (a + b < Tiny) (a, b) = (a / (a + b) * Tiny, b / (a + b) * Tiny);
        return (Math.Max(a, Least), Math.Max(b, Least));
    }

    // ln of the lower side, or of the upper one, which is then at most 3/4 and the lower one the rest of 1.
    private static (double Log, bool IsRest) Find(double a, double b, double x, double y)
    {
        if (double.IsNaN(x) || double.IsNaN(y)) return (double.NaN, false);
        if (x <= 0) return (double.NegativeInfinity, false);
        if (y <= 0) return (0, false);
        (a, b) = Tame(a, b);
        if (Math.Max(a, b) > Huge) return Limit(a, b, x, y);
        var isBelow = b * x <= a * y;
        var near = isBelow ? Direct(a, b, x, y) : Direct(b, a, y, x);
        // Nearly all on the near side of the mean: so skewed only where the far side has a pole, towards which the integrand never grows again.
        if (near > -0.3 && (isBelow ? a : b) < 1 && Math.Min(x, y) >= 1e-300) return (isBelow ? Direct(b, a, y, x) : Direct(a, b, x, y), isBelow);
        return (near, !isBelow);
    }

    // Where a or b is so large that 1 - x or x is a gamma variate's share of it; where both are, all is at the mean.
    private static (double Log, bool IsRest) Limit(double a, double b, double x, double y)
    {
        if (Math.Min(a, b) > 1e30) return (a / b).CompareTo(x / y) switch { < 0 => (0, false), > 0 => (double.NegativeInfinity, false), _ => (-Units.Ln2, false) };
        return a < b ? (IncompleteGamma.LogLower(a, b * x), false) : (IncompleteGamma.LogUpper(b, a * y), false);
    }

    private static double Direct(double a, double b, double x, double y)
    {
        var power = BetaPower.Log(a, b, x, y);
        if (x <= 0.7 && x * (a + b) <= 0.7 * (a + 1)) return power + Math.Log(Series(a, b, x)) - Math.Log(a);
        if (a > 1 && b > 1 && b * x <= a * y && Fraction(a, b, x, y) is { } fraction) return power + Math.Log(fraction);
        return power + BetaTail.Log(a, b, x, y);
    }

    // 2F1(a + b, 1; a + 1; x): every ratio of successive terms is below 0.7 or soon is.
    private static double Series(double a, double b, double x)
    {
        var (term, sum) = (1.0, 1.0);
        for (var n = 0; term > 1e-17 * sum; n++)
        {
            term *= x * ((a + b + n) / (a + 1 + n));
            sum += term;
        }

        return sum;
    }

    // I_x(a, b) B(a, b) / (x^a y^b), or null if it takes too many steps.
    private static double? Fraction(double a, double b, double x, double y)
    {
        var lambda = -BetaPower.Difference(a, b, x, y);
        var (c, c0, c1) = (1 + lambda, b / a, 1 + 1 / a);
        var (p, s) = (1.0, a + 1);
        var (above, nextAbove, below, nextBelow) = (0.0, 1.0, 1.0, c / c1);
        var r = c1 / c;
        for (var n = 1; n <= MaximumSteps; n++)
        {
            var t = n / a;
            var w = n * (b - n) * x;
            var e = a / s;
            var alpha = p * (p + c0) * e * e * (w * x);
            e = (t + 1) / (c1 + t + t);
            var beta = n + w / s + e * (c + n * (1 + y));
            (p, s) = (t + 1, s + 2);
            (above, nextAbove) = (nextAbove, alpha * above + beta * nextAbove);
            (below, nextBelow) = (nextBelow, alpha * below + beta * nextBelow);
            var previous = r;
            r = nextAbove / nextBelow;
            if (Math.Abs(r - previous) <= 1e-16 * r) return r;
            (above, below, nextAbove, nextBelow) = (above / nextBelow, below / nextBelow, r, 1);
        }

        return null;
    }
}
