namespace KlCore.Numerics;

/// <summary>What a weighted geometric mean lacks from the arithmetic one: a p + b q - p^a q^b with b = 1 - a. At least 0 for a from 0 to 1, at most 0 outside.</summary>
internal static class PowerGap
{
    /// <summary>The gap for p, q at least 0; 0 to any power is 0 unless the power is negative, as in a sum over where both are positive.</summary>
    /// <param name="p">The first.</param>
    /// <param name="q">The second.</param>
    /// <param name="difference">q - p, which may be known better than the two would tell.</param>
    /// <param name="a">The weight of p.</param>
    public static double Of(double p, double q, double difference, double a)
    {
        var b = 1 - a;
        // The form below is accurate in relative terms where p has the larger weight.
        if (a < b) (p, q, difference, a, b) = (q, p, -difference, b, a);
        if (p == 0) return b * q;
        if (q == 0) return b < 0 ? double.NegativeInfinity : a * p;
        var s = difference / (p + q);
        if (Math.Abs(s) > 0.2) return b * difference - p * Elementary.Expm1(b * Elementary.LogOfRatio(q, p));
        var log = b * (2 * s + Elementary.AtanhTail(s));
        return b * Elementary.Bregman(p, difference, q) - p * log * log * Elementary.ExpRemainder(log);
    }

    /// <summary>ln of the sum over both outcomes of p^a q^b, for probabilities p and q of one of them.</summary>
    public static double LogOfBernoulli(double p, double q, double a)
    {
        var gap = Of(p, q, q - p, a) + Of(1 - p, 1 - q, p - q, a);
        if (Math.Abs(gap) < 0.5) return Elementary.Log1p(-gap);
        if (double.IsNegativeInfinity(gap)) return double.PositiveInfinity;
        return LogSum.Of([Power(Math.Log(p), Math.Log(q), a), Power(Elementary.Log1p(-p), Elementary.Log1p(-q), a)]).Log;
    }

    /// <summary>a ln p + (1 - a) ln q, minus infinity where either is 0.</summary>
    public static double Power(double logP, double logQ, double a) =>
        double.IsNegativeInfinity(logP) || double.IsNegativeInfinity(logQ) ? double.NegativeInfinity : a * logP + (1 - a) * logQ;
}
