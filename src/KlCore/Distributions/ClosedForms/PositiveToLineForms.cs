using KlCore.Numerics;

namespace KlCore.Distributions.ClosedForms;

/// <summary>Closed forms from positive distributions to models on the whole line or on a part of it.</summary>
internal static class PositiveToLineForms
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    private const string Kept = "unless the two are so nearly alike that the formula's terms cancel";

    private const string Outside = "Infinity: p has values outside q's interval";

    private const string NoMean = "Infinity: p has no finite mean";

    public static IEnumerable<ClosedForm> All =>
    [
        .. ByTransform<Exponential>("1/(1 + t/rate)", (p, t) => -Elementary.Log1p(t / p.Rate)),
        .. ByTransform<Gamma>("(1 + t/rate)^-shape", (p, t) => -p.Shape * Elementary.Log1p(t / p.Rate)),
        .. ByTransform<ChiSquared>("(1 + 2 t)^(-degreesOfFreedom/2)", (p, t) => -0.5 * p.DegreesOfFreedom * Elementary.Log1p(2 * t)),
        .. ByTransform<Lindley>("parameter^2 (parameter + t + 1)/((1 + parameter) (parameter + t)^2)", (p, t) => Elementary.Log1p(t / (1 + p.Parameter)) - 2 * Elementary.Log1p(t / p.Parameter)),
        .. ByTransform<InverseGaussian>("exp(shape/mean (1 - sqrt(1 + 2 mean^2 t/shape)))", (p, t) => -2 * p.Mean * t / (1 + Math.Sqrt(1 + 2 * p.Mean * t * (p.Mean / p.Shape)))),
        new ClosedForm<Levy, Gumbel>(NoMean, Infinite), new ClosedForm<HalfCauchy, Gumbel>(NoMean, Infinite), new ClosedForm<Levy, Moyal>(NoMean, Infinite),
        new ClosedForm<HalfCauchy, Moyal>(NoMean, Infinite), new ClosedForm<Levy, Laplace>(NoMean, Infinite), new ClosedForm<HalfCauchy, Laplace>(NoMean, Infinite),
        ToLaplace<Exponential>(), ToLaplace<Gamma>(), ToLaplace<InverseGamma>(), ToLaplace<ChiSquared>(), ToLaplace<Chi>(), ToLaplace<Maxwell>(), ToLaplace<Rayleigh>(), ToLaplace<HalfNormal>(),
        ToLaplace<Nakagami>(), ToLaplace<Weibull>(), ToLaplace<Frechet>(),
        new ClosedForm<LogNormal, Laplace>(ToLaplaceFormula, LogNormalToLaplace) { Condition = Kept }, new ClosedForm<Pareto, Laplace>(ToLaplaceFormula, ParetoToLaplace) { Condition = Kept },
        .. Bounded<Exponential>(), .. Bounded<Gamma>(), .. Bounded<InverseGamma>(), .. Bounded<ChiSquared>(), .. Bounded<Chi>(), .. Bounded<Maxwell>(), .. Bounded<Rayleigh>(),
        .. Bounded<HalfNormal>(), .. Bounded<Nakagami>(), .. Bounded<Weibull>(), .. Bounded<Frechet>(), .. Bounded<Levy>(), .. Bounded<LogNormal>(), .. Bounded<InverseGaussian>(),
        .. Bounded<Lindley>(), .. Bounded<LogLogistic>(), .. Bounded<Lomax>(), .. Bounded<Pareto>(), .. Bounded<Gompertz>(), .. Bounded<HalfCauchy>(),
    ];

    private const string ToLaplaceFormula = "-h(p) + ln(2 scale') + E|x - location'|/scale', h the entropy of p; Infinity where that mean is";

    private static double? Infinite(Continuous p, Continuous q) => double.PositiveInfinity;

    private static IEnumerable<ClosedForm> Bounded<TP>()
        where TP : Continuous =>
    [
        new ClosedForm<TP, BetaDistribution>(Outside, Infinite), new ClosedForm<TP, Uniform>(Outside, Infinite), new ClosedForm<TP, ContinuousBernoulli>(Outside, Infinite),
        new ClosedForm<TP, Kumaraswamy>(Outside, Infinite), new ClosedForm<TP, Triangular>(Outside, Infinite), new ClosedForm<TP, LogitNormal>(Outside, Infinite),
        new ClosedForm<TP, VonMises>(Outside, Infinite),
        new ClosedForm<TP, TruncatedNormal>(Outside, (_, q) => double.IsFinite(q.Upper) || q.Lower > 0 ? double.PositiveInfinity : null) { Condition = "where q's interval has an upper end" },
    ];

    // Gumbel's and Moyal's -ln q take the mean of e^(-t x), t = 1/scale'.
    private static IEnumerable<ClosedForm> ByTransform<TP>(string mean, Func<TP, double, double> log)
        where TP : Continuous =>
    [
        new ClosedForm<TP, Gumbel>(
            $"-h(p) + ln scale' + (E[x] - location') t + e^(location' t) m, t = 1/scale', m = E[e^(-t x)] = {mean}, h the entropy of p",
            (p, q) => ByTransform(p, q.Location, q.Scale, log(p, 1 / q.Scale), 1, Math.Log(q.Scale))) { Condition = Kept },
        new ClosedForm<TP, Moyal>(
            $"-h(p) + ln(2 pi scale'^2)/2 + ((E[x] - location') t + e^(location' t) m)/2, t = 1/scale', m = E[e^(-t x)] = {mean}, h the entropy of p",
            (p, q) => ByTransform(p, q.Location, q.Scale, log(p, 1 / q.Scale), 0.5, Math.Log(q.Scale) + HalfLogTwoPi)) { Condition = Kept },
    ];

    // weight (M - 1 - ln M) with M = e^(location/scale) m, and what is left where the location fits.
    private static double? ByTransform(Continuous p, double location, double scale, double log, double weight, double constant)
    {
        if (p.EntropyByFormula() is not { } entropy || p.Expectation() is not { } mean) return null;
        var fit = weight * Ratio.FromLog(location / scale + log).Excess;
        var rest = weight * (1 + log + mean / scale) + constant - entropy;
        return PositiveForms.Trusted(fit + rest, 1 + Math.Abs(log) + mean / scale + Math.Abs(constant) + Math.Abs(entropy));
    }

    private static ClosedForm<TP, Laplace> ToLaplace<TP>()
        where TP : PowerOfGamma => new(ToLaplaceFormula, (p, q) =>
        {
            var law = p.Law();
            if (!(law.Shape + law.Power > 0)) return double.PositiveInfinity;
            // Of the part up to the location the mean is that of another shape.
            var moved = law with { Shape = law.Shape + law.Power };
            return ToLaplace(p, q, q.Location > 0 ? moved.Cumulative(q.Location) : 0);
        })
        { Condition = Kept };

    private static double? LogNormalToLaplace(LogNormal p, Laplace q) =>
        ToLaplace(p, q, q.Location > 0 ? new LogNormal { Location = p.Location + p.Scale * p.Scale, Scale = p.Scale }.Cumulative(q.Location) : 0);

    private static double? ParetoToLaplace(Pareto p, Laplace q) =>
        p.Shape > 1 ? ToLaplace(p, q, q.Location > p.Scale ? new Pareto { Scale = p.Scale, Shape = p.Shape - 1 }.Cumulative(q.Location) : 0) : double.PositiveInfinity;

    // E|x - m| = E[x] - m + 2 (m P(X <= m) - E[x] share), share the part of the mean that lies below m.
    private static double? ToLaplace(Continuous p, Laplace q, double share)
    {
        if (p.EntropyByFormula() is not { } entropy || p.Expectation() is not { } mean) return null;
        var distance = mean - q.Location + 2 * (q.Location * p.Cumulative(q.Location) - mean * share);
        if (!double.IsFinite(distance) || distance <= 0) return null;
        return PositiveForms.Trusted(Ratio.FromLog(Math.Log(distance) - Math.Log(q.Scale)).Excess + 1 + Math.Log(2 * distance) - entropy, 1 + Math.Abs(Math.Log(distance)) + Math.Abs(entropy));
    }
}
