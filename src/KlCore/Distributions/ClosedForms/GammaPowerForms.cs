using KlCore.Numerics;

namespace KlCore.Distributions.ClosedForms;

/// <summary>
/// Closed forms between the dozen families that are powers of a gamma variate, all by one formula. With c = e'/e and M = (s/s')^e' Gamma(a + c)/Gamma(a), the
/// mean under p of what q takes for its gamma variate, KL = a' (M/a' - 1 - ln(M/a')) + (what is left where the scales fit), both at least 0.
/// </summary>
internal static class GammaPowerForms
{
    /// <summary>From here on Stirling's series says what differences of gamma functions would lose.</summary>
    private const double Large = 20;

    /// <summary>KL(p || q) in nats; infinite where the mean M is.</summary>
    public static double KullbackLeibler(GammaPower p, GammaPower q)
    {
        if (p == q) return 0;
        if (p.Exponent == q.Exponent) return q.Shape * OfMeans(p, q).Excess + LogGammaBregman.OfEqualMeans(q.Shape, p.Shape);
        var c = q.Exponent / p.Exponent;
        if (!(p.Shape + c > 0)) return double.PositiveInfinity;
        var lessOne = (q.Exponent - p.Exponent) / p.Exponent;
        var step = LogGammaBregman.Of(p.Shape + c, p.Shape + 1, lessOne) + lessOne * GammaFunctions.Digamma(p.Shape + 1);
        var mean = Ratio.FromLog(q.Exponent * OfScales(p, q) + step + Ratio.Of([p.Shape], [q.Shape]).Log);
        return double.IsPositiveInfinity(mean.Excess) ? double.PositiveInfinity : q.Shape * mean.Excess + Math.Max(0, WhereMeansAreEqual(p.Shape, q.Shape, c, lessOne));
    }

    /// <summary>
    /// ln of the integral of p^w q^(1-w): both are of one exponential family where the exponents are equal, and with m halfway between their natural parameters it
    /// is -w KL(m || p) - (1 - w) KL(m || q). Infinite where there is no such m; null for other exponents.
    /// </summary>
    public static double? LogChernoff(GammaPower p, GammaPower q, double w)
    {
        if (p.Exponent != q.Exponent) return null;
        if (p == q) return 0;
        var shape = w * p.Shape + (1 - w) * q.Shape;
        // Of the rates in x^e, relative to the geometric mean of the two.
        var log = 0.5 * p.Exponent * OfScales(p, q);
        var rate = w * Math.Exp(-log) + (1 - w) * Math.Exp(log);
        if (!(shape > 0 && rate > 0)) return double.PositiveInfinity;
        if (!double.IsFinite(rate)) return null;
        var middle = Math.Log(rate);
        return -w * Between(shape, p.Shape, -log - middle) - (1 - w) * Between(shape, q.Shape, log - middle);
    }

    /// <summary>
    /// W_k of two that differ by their scale alone; W_1 also where one's quantiles are all above the other's, as the difference of the means. Null elsewhere.
    /// </summary>
    public static double? Wasserstein(GammaPower p, GammaPower q, int order)
    {
        if (p.Exponent != q.Exponent) return null;
        var scales = Ratio.FromLog(OfScales(p, q));
        if (p.Shape == q.Shape) return scales.LessOne == 0 ? 0 : Math.Abs(scales.LessOne) * q.Scale * Math.Exp((q with { Up = 1, Down = 1, RootUp = 1, RootDown = 1 }).LogMoment(order) / order);
        if (order != 1 || Math.Sign(p.Shape - q.Shape) * Math.Sign(p.Exponent) * Math.Sign(scales.Log) < 0) return null;
        var (above, below) = (p.Expectation(), q.Expectation());
        return double.IsFinite(above) && double.IsFinite(below) ? Math.Abs(above - below) : double.PositiveInfinity;
    }

    // KL of gamma densities of shapes a and b whose rates differ by the factor e^log, q's over p's.
    private static double Between(double a, double b, double log) =>
        b * Ratio.FromLog(log + Ratio.Of([a], [b]).Log).Excess + LogGammaBregman.OfEqualMeans(b, a);

    // M/a' for equal exponents, exactly where x^e is x, its square or its reciprocal.
    private static Ratio OfMeans(GammaPower p, GammaPower q) => p.Exponent switch
    {
        1 => Ratio.Of([p.Shape, p.Up, q.Down], [q.Shape, p.Down, q.Up]),
        -1 => Ratio.Of([p.Shape, p.Down, q.Up], [q.Shape, p.Up, q.Down]),
        2 => Ratio.Of([p.Shape, p.Up, p.Up, q.Down, q.Down, p.RootUp, q.RootDown], [q.Shape, p.Down, p.Down, q.Up, q.Up, p.RootDown, q.RootUp]),
        var exponent => Ratio.FromLog(exponent * OfScales(p, q) + Ratio.Of([p.Shape], [q.Shape]).Log),
    };

    // ln(s/s').
    private static double OfScales(GammaPower p, GammaPower q) =>
        0.5 * Ratio.Of([p.Up, p.Up, q.Down, q.Down, p.RootUp, q.RootDown], [p.Down, p.Down, q.Up, q.Up, p.RootDown, q.RootUp]).Log;

    // a' B(a + c; a) + [ln Gamma(b) + b - b ln b at a'] - [ln Gamma(a) + a - a psi(a)] - ln|c|.
    private static double WhereMeansAreEqual(double a, double b, double c, double lessOne)
    {
        if (a >= Large && Math.Abs(c) <= a / 4)
        {
            // For large a the logarithm of the variate is nearly normal: g(b c^2/a - 1)/2 and what is of the order of 1/a.
            return 0.5 * Ratio.Of([b, c, c], [a]).Excess + b * LogGammaBregman.BeyondSquare(a, c) + GammaFunctions.StirlingRest(b) - GammaFunctions.StirlingRest(a)
                - GammaFunctions.StirlingSlope(a);
        }

        // Where all may be nearly equal, terms that vanish there.
        if (Math.Abs(lessOne) < 0.5 && b < 2 * a && a < 2 * b)
            return LogGammaBregman.OfEqualMeans(b, a) + b * LogGammaBregman.Of(a + c, a + 1, lessOne) + Elementary.Bregman(1, lessOne) + lessOne * ((b - a) / a);
        return b * LogGammaBregman.Of(a + c, a, c) + GammaFunctions.LogGamma(b) + b - b * Math.Log(b) - GammaFunctions.GammaEntropy(a) - Math.Log(Math.Abs(c));
    }
}
