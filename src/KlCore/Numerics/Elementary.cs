namespace KlCore.Numerics;

/// <summary>
/// Elementary functions in the forms that do not cancel, which the base library lacks (its own LogP1 and ExpM1 compute ln(1 + x) and
/// e^x - 1 literally and lose every digit of a small x).
/// </summary>
internal static class Elementary
{
    /// <summary>
    /// ln(1 + x) for x > -1 to about one unit in the last place: the rounding error of u = 1 + x is taken back by the factor
    /// x / (u - 1). -Infinity at -1. Source: W. Kahan, HP-15C Advanced Functions Handbook (1982), appendix.
    /// </summary>
    public static double Log1p(double x)
    {
        var u = 1 + x;
        if (u == 1) return x;
        return double.IsPositiveInfinity(u) ? u : Math.Log(u) * (x / (u - 1));
    }

    /// <summary>e^x - 1 to a few units in the last place. Source: as <see cref="Log1p"/>.</summary>
    public static double Expm1(double x)
    {
        if (Math.Abs(x) < 1e-5) return x + x * x * (0.5 + x * (1.0 / 6 + x / 24));
        var u = Math.Exp(x);
        if (u == 1) return x;
        var minusOne = u - 1;
        if (minusOne == -1 || double.IsPositiveInfinity(u) || Math.Abs(x) > 1) return minusOne;
        return minusOne * (x / Math.Log(u));
    }

    /// <summary>
    /// 2 (s^3/3 + s^5/5 + s^7/7 + ...) = ln((1+s)/(1-s)) - 2s for |s| at most 0.2, where eleven terms reach 1e-17.
    /// </summary>
    public static double AtanhTail(double s)
    {
        var z = s * s;
        var series = 1.0 / 23;
        series = Math.FusedMultiplyAdd(series, z, 1.0 / 21);
        series = Math.FusedMultiplyAdd(series, z, 1.0 / 19);
        series = Math.FusedMultiplyAdd(series, z, 1.0 / 17);
        series = Math.FusedMultiplyAdd(series, z, 1.0 / 15);
        series = Math.FusedMultiplyAdd(series, z, 1.0 / 13);
        series = Math.FusedMultiplyAdd(series, z, 1.0 / 11);
        series = Math.FusedMultiplyAdd(series, z, 1.0 / 9);
        series = Math.FusedMultiplyAdd(series, z, 1.0 / 7);
        series = Math.FusedMultiplyAdd(series, z, 1.0 / 5);
        series = Math.FusedMultiplyAdd(series, z, 1.0 / 3);
        return 2 * s * z * series;
    }

    /// <summary>
    /// p * (r - ln(1 + r)) with r = d/p: the term p ln(p/m) - p + m of a Kullback-Leibler sum towards m = p + d, which is never
    /// negative. For m of p's size by the series in s = d/(p + m), where nothing cancels; otherwise d + p ln(p/m).
    /// 0 for d = 0; d for p = 0; +Infinity for m = 0 &lt; p.
    /// </summary>
    public static double Bregman(double p, double d) => Bregman(p, d, p + d);

    /// <summary>The same for an m that is known better than p + d would tell.</summary>
    public static double Bregman(double p, double d, double m)
    {
        if (p == 0) return d;
        var sum = p + m;
        var s = double.IsFinite(sum) ? d / sum : d / 2 / (p / 2 + m / 2);
        return Math.Abs(s) <= 0.2 ? d * s - p * AtanhTail(s) : d + p * LogOfRatio(p, m);
    }

    /// <summary>ln(a/b) for a > 0, b >= 0, also where the quotient over- or underflows or is subnormal.</summary>
    public static double LogOfRatio(double a, double b)
    {
        var ratio = a / b;
        if (ratio is > 1e-290 and < 1e290 && a > 1e-290) return Math.Log(ratio);
        if (b == 0) return double.PositiveInfinity;
        if (a == 0) return double.NegativeInfinity;
        var (ea, eb) = (Math.ILogB(a), Math.ILogB(b));
        return Math.Log(Math.ScaleB(a, -ea) / Math.ScaleB(b, -eb)) + (ea - eb) * Units.Ln2;
    }

    /// <summary>e^x - 1 - x, at least 0: to its digits near 0; infinite where e^x or -x is beyond the doubles.</summary>
    public static double ExpExcess(double x) => Math.Abs(x) <= 0.5 ? x * x * ExpRemainder(x) : Math.Exp(x) - 1 - x;

    /// <summary>(e^x - 1 - x) / x^2, entire; 1/2 at 0. For |x| at most 1/2 by its series, in two halves that need not wait for each other.</summary>
    public static double ExpRemainder(double x)
    {
        if (Math.Abs(x) > 0.5) return (Math.Exp(x) - 1 - x) / (x * x);
        var z = x * x;
        var even = 1.0 / 20922789888000;
        even = Math.FusedMultiplyAdd(even, z, 1.0 / 87178291200);
        even = Math.FusedMultiplyAdd(even, z, 1.0 / 479001600);
        even = Math.FusedMultiplyAdd(even, z, 1.0 / 3628800);
        even = Math.FusedMultiplyAdd(even, z, 1.0 / 40320);
        even = Math.FusedMultiplyAdd(even, z, 1.0 / 720);
        even = Math.FusedMultiplyAdd(even, z, 1.0 / 24);
        even = Math.FusedMultiplyAdd(even, z, 1.0 / 2);
        var odd = 1.0 / 1307674368000;
        odd = Math.FusedMultiplyAdd(odd, z, 1.0 / 6227020800);
        odd = Math.FusedMultiplyAdd(odd, z, 1.0 / 39916800);
        odd = Math.FusedMultiplyAdd(odd, z, 1.0 / 362880);
        odd = Math.FusedMultiplyAdd(odd, z, 1.0 / 5040);
        odd = Math.FusedMultiplyAdd(odd, z, 1.0 / 120);
        odd = Math.FusedMultiplyAdd(odd, z, 1.0 / 6);
        return Math.FusedMultiplyAdd(x, odd, even);
    }
}
