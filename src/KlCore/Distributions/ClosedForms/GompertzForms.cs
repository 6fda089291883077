using KlCore.Numerics;

namespace KlCore.Distributions.ClosedForms;

/// <summary>Closed forms with Gompertz's distribution, whose -ln q takes the mean of e^(rate' x).</summary>
internal static class GompertzForms
{
    private const string Kept = "unless the two are so nearly alike that the formula's terms cancel";

    private const string HeavyTail = "Infinity: p's tail is heavier than any exponential";

    public static IEnumerable<ClosedForm> All =>
    [
        new ClosedForm<Gompertz, Gompertz>(
            "ln(rate shape/(rate' shape')) - 1 - shape' + (1 - r) e^shape E1(shape) + shape' e^shape shape^-r Gamma(1 + r, shape), r = rate'/rate", Gompertzes)
        {
            Condition = "for rates that are equal or not nearly so",
            Transport = (p, q, order) => p.Shape == q.Shape && order == 1 ? Math.Abs(1 / p.Rate - 1 / q.Rate) * ExponentialIntegral.Scaled(p.Shape) : null,
            Chernoff = (p, q, w) => p.Rate == q.Rate ? -PositiveFamilyForms.Gap(p.Shape, q.Shape, w) : null,
        },
        new ClosedForm<Gompertz, Exponential>("ln(rate shape/rate') - 1 + t + rate' t/rate, t = e^shape E1(shape)", ToExponential) { Condition = Kept },
        new ClosedForm<Exponential, Gompertz>("ln(rate/(rate' shape')) - 1 - r + shape' r/(1 - r), r = rate'/rate; Infinity if r >= 1", FromExponential),
        ByMean<Gamma>("(1 - rate'/rate)^-shape", (p, t) => -p.Shape * Elementary.Log1p(-t / p.Rate), p => p.Rate),
        ByMean<ChiSquared>("(1 - 2 rate')^(-degreesOfFreedom/2)", (p, t) => -0.5 * p.DegreesOfFreedom * Elementary.Log1p(-2 * t), _ => 0.5),
        ByMean<Lindley>("parameter^2 (parameter - rate' + 1)/((1 + parameter) (parameter - rate')^2)",
            (p, t) => -2 * Elementary.Log1p(-t / p.Parameter) + Elementary.Log1p(-t / (1 + p.Parameter)), p => p.Parameter),
        Infinite<InverseGamma>(), Infinite<Levy>(), Infinite<Frechet>(), Infinite<LogNormal>(), Infinite<LogLogistic>(), Infinite<Lomax>(), Infinite<Pareto>(), Infinite<HalfCauchy>(),
    ];

    private static ClosedForm<TP, Gompertz> Infinite<TP>()
        where TP : Continuous => new(HeavyTail, (_, _) => double.PositiveInfinity);

    // -h(p) - ln(rate' shape') - rate' E[x] + shape' (E[e^(rate' x)] - 1).
    private static ClosedForm<TP, Gompertz> ByMean<TP>(string mean, Func<TP, double, double> logMean, Func<TP, double> limit)
        where TP : Continuous =>
        new($"-h(p) - ln(rate' shape') - rate' E[x] + shape' (m - 1), m = E[e^(rate' x)] = {mean}, h the entropy of p; Infinity where that mean is", (p, q) =>
        {
            if (q.Rate >= limit(p)) return double.PositiveInfinity;
            if (p.EntropyByFormula() is not { } entropy || p.Expectation() is not { } expectation) return null;
            var grown = Elementary.Expm1(logMean(p, q.Rate));
            if (double.IsPositiveInfinity(grown)) return grown;
            var rest = 1 - entropy + Math.Log(grown / q.Rate) - q.Rate * expectation;
            return PositiveForms.Trusted(Ratio.FromLog(Math.Log(q.Shape) + Math.Log(grown)).Excess + rest, 1 + Math.Abs(entropy) + Math.Abs(Math.Log(grown / q.Rate)) + q.Rate * expectation);
        })
        { Condition = Kept };

    private static double? Gompertzes(Gompertz p, Gompertz q)
    {
        if (p.Rate == q.Rate) return PositiveFamilyForms.Rates(p.Shape, q.Shape);
        var r = q.Rate / p.Rate;
        if (!(r > 0 && double.IsFinite(r))) return null;
        // ln E[e^(rate' x)].
        var power = p.Shape - r * Math.Log(p.Shape) + GammaFunctions.LogGammaOnePlus(r) + IncompleteGamma.LogUpper(1 + r, p.Shape);
        if (power > 700) return null;
        var grown = Elementary.Expm1(power);
        var mean = ExponentialIntegral.Scaled(p.Shape);
        var (log, slope) = (Math.Log(grown * p.Shape / r), (1 - r) * mean);
        // What the rounding of the power leaves must be small beside the divergence.
        var size = Math.Abs(log) + Math.Abs(slope) + (1 + p.Shape + Math.Abs(r * Math.Log(p.Shape)) + Math.Abs(GammaFunctions.LogGammaOnePlus(r))) * (1 + 1 / grown);
        return PositiveForms.Trusted(Ratio.FromLog(Math.Log(q.Shape) + Math.Log(grown)).Excess + log + slope, size);
    }

    private static double? ToExponential(Gompertz p, Exponential q)
    {
        var mean = ExponentialIntegral.Scaled(p.Shape);
        var rest = PositiveForms.Trusted(Math.Log(p.Shape * mean) + mean, mean);
        return Ratio.Of([q.Rate, mean], [p.Rate]).Excess + rest;
    }

    private static double? FromExponential(Exponential p, Gompertz q)
    {
        var r = q.Rate / p.Rate;
        if (r >= 1) return double.PositiveInfinity;
        return Ratio.Of([q.Shape, q.Rate], [p.Rate - q.Rate]).Excess + Elementary.Bregman(1, -r);
    }
}
