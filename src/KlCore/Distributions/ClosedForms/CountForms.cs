using KlCore.Numerics;
using static KlCore.Distributions.ClosedForms.SupportForms;

namespace KlCore.Distributions.ClosedForms;

/// <summary>Closed forms of distributions of counts without trials.</summary>
internal static class CountForms
{
    public static IEnumerable<ClosedForm> All =>
    [
        Form<Poisson, Poisson>("rate ln(rate/rate') - rate + rate'", (p, q) => Elementary.Bregman(p.Rate, q.Rate - p.Rate, q.Rate)) with
        {
            Chernoff = (p, q, a) => -PowerGap.Of(p.Rate, q.Rate, q.Rate - p.Rate, a),
        },
        Form<DiscreteUniform, DiscreteUniform>("ln((upper' - lower' + 1)/(upper - lower + 1)), Infinity unless p's values are among q's", (p, q) => Elementary.Log1p((double)(q.Count - p.Count) / p.Count)),
        Form<Zeta, Zeta>("ln(zeta(s')/zeta(s)) - (s' - s) zeta'(s)/zeta(s), s = exponent", (p, q) => Zipf(p.Excess, q.Exponent - p.Exponent)) with
        {
            Chernoff = LogZipf,
        },
        Form<Logarithmic, Logarithmic>("ln(L'/L) + theta ln(theta/theta')/((1 - theta) L), theta = probability, L = -ln(1 - theta)", (p, q) => p.Theta.Divergence(q.Theta, LogTheta.Step(p.Theta, q.Theta))) with
        {
            Chernoff = LogSeries,
        },
        Form<Zeta, Logarithmic>("(1 - s) E ln x - ln zeta(s) + E x ln(1/theta') + ln L', s = exponent, theta' = probability', L = -ln(1 - theta); Infinity for s up to 2", ZipfToSeries),
    ];

    /// <summary>
    /// KL from the zeta distribution of exponent 1 + excess to that of a larger exponent by step: near each other by the variance of ln x between them; else
    /// as it is written, A(t) - A(s) + (t - s) E ln x with A = ln zeta.
    /// </summary>
    private static double Zipf(double excess, double step)
    {
        if (Math.Abs(step) <= Math.Min(1, excess / 2)) return ExponentialFamily.NearDivergence(step, offset => Zeta.VarianceOfLogarithm(excess + offset));
        return Math.Max(0, Zeta.LogPartition(excess + step) - Zeta.LogPartition(excess) + step * Zeta.MeanLogarithm(excess));
    }

    // With m between the two, or beyond: -a KL(m || p) - b KL(m || q).
    private static double? LogZipf(Zeta p, Zeta q, double a)
    {
        var step = q.Exponent - p.Exponent;
        var middle = a * p.Excess + (1 - a) * q.Excess;
        return middle > 0 ? -(a * Zipf(middle, (a - 1) * step) + (1 - a) * Zipf(middle, a * step)) : double.PositiveInfinity;
    }

    private static double? LogSeries(Logarithmic p, Logarithmic q, double a)
    {
        var step = LogTheta.Step(p.Theta, q.Theta);
        var log = a * p.Theta.Log + (1 - a) * q.Theta.Log;
        if (!(log < 0)) return double.PositiveInfinity;
        // Below the doubles the series is its first term: L is theta.
        if (log < -700) return log - a * Math.Log(p.Theta.Whole) - (1 - a) * Math.Log(q.Theta.Whole);
        var middle = LogTheta.FromLog(log);
        return -(a * middle.Divergence(p.Theta, (a - 1) * step) + (1 - a) * middle.Divergence(q.Theta, a * step));
    }

    private static double? ZipfToSeries(Zeta p, Logarithmic q)
    {
        if (p.Exponent <= 2) return double.PositiveInfinity;
        return Math.Max(0, -p.Excess * Zeta.MeanLogarithm(p.Excess) - Zeta.LogPartition(p.Excess) - p.Expectation()!.Value * q.Theta.Log + Math.Log(q.Theta.Whole));
    }
}
