using KlCore.Numerics;

namespace KlCore.Distributions.ClosedForms;

/// <summary>
/// Closed forms from any positive distribution whose logarithm and powers have known means to models whose -ln q is made of these: powers of a gamma
/// variate, the log-normal, the normal and the inverse Gaussian. What is left of a divergence where location and scale fit is found first; where that
/// has cancelled to less than eight digits, there is no formula here and quadrature does better.
/// </summary>
internal static class PositiveForms
{
    private const double HalfLogTwoPiE = 1.41893853320467274178;

    /// <summary>How small a difference may be beside what it is a difference of.</summary>
    private const double Digits = 1e-4;

    private const string Kept = "unless the two are so nearly alike that the formula's terms cancel";

    public static IEnumerable<ClosedForm> All =>
    [
        .. ToGammaPowers<LogNormal>(), .. ToGammaPowers<InverseGaussian>(), .. ToGammaPowers<Lindley>(), .. ToGammaPowers<LogLogistic>(), .. ToGammaPowers<Lomax>(),
        .. ToGammaPowers<Pareto>(), .. ToGammaPowers<HalfCauchy>(), .. ToGammaPowers<LogUniform>(),
        .. ToOthers<Exponential>(), .. ToOthers<Gamma>(), .. ToOthers<InverseGamma>(), .. ToOthers<ChiSquared>(), .. ToOthers<Chi>(), .. ToOthers<Maxwell>(),
        .. ToOthers<Rayleigh>(), .. ToOthers<HalfNormal>(), .. ToOthers<Nakagami>(), .. ToOthers<Weibull>(), .. ToOthers<Frechet>(), .. ToOthers<Levy>(),
        .. ToOthers<LogLogistic>(), .. ToOthers<Lomax>(), .. ToOthers<Pareto>(), .. ToOthers<HalfCauchy>(), .. ToOthers<LogUniform>(),
        ToNormal<LogNormal>(), ToNormal<InverseGaussian>(), ToNormal<Lindley>(), ToInverseGaussian<LogNormal>(), ToInverseGaussian<Lindley>(),
    ];

    /// <summary>The value unless it has lost too many digits in being a difference of numbers of this size.</summary>
    internal static double? Trusted(double value, double size) => value > Digits * size ? value : null;

    private static IEnumerable<ClosedForm> ToGammaPowers<TP>()
        where TP : Continuous, IPositiveMoments =>
    [
        ToGammaPower<TP, Exponential>(), ToGammaPower<TP, Gamma>(), ToGammaPower<TP, InverseGamma>(), ToGammaPower<TP, ChiSquared>(), ToGammaPower<TP, Chi>(),
        ToGammaPower<TP, Maxwell>(), ToGammaPower<TP, Rayleigh>(), ToGammaPower<TP, HalfNormal>(), ToGammaPower<TP, Nakagami>(), ToGammaPower<TP, Weibull>(),
        ToGammaPower<TP, Frechet>(), ToGammaPower<TP, Levy>(),
    ];

    private static ClosedForm<TP, TQ> ToGammaPower<TP, TQ>()
        where TP : Continuous, IPositiveMoments
        where TQ : PowerOfGamma =>
        new($"-h(p) - ln|e'| + lnGamma(a') + a' e' ln s' + (1 - a' e') E[ln x] + E[x^e']/s'^e', h the entropy of p, {GammaPowerPairs.OfModel(typeof(TQ))}; Infinity where a mean is", (p, q) => ToGammaPower(p, q.Law()))
        {
            Condition = typeof(TP) == typeof(LogNormal) ? null : typeof(TP) == typeof(InverseGaussian) ? "for e' of -1, 1 or 2, " + Kept : Kept,
        };

    private static IEnumerable<ClosedForm> ToOthers<TP>()
        where TP : Continuous, IPositiveMoments => [ToLogNormal<TP>(), ToNormal<TP>(), ToInverseGaussian<TP>()];

    private static ClosedForm<TP, LogNormal> ToLogNormal<TP>()
        where TP : Continuous, IPositiveMoments =>
        new("-h(p) + E[ln x] + ln(2 pi scale'^2)/2 + (var(ln x) + (E[ln x] - location')^2)/(2 scale'^2), h the entropy of p", (p, q) => ToLogNormal(p, q));

    private static ClosedForm<TP, Normal> ToNormal<TP>()
        where TP : Continuous, IPositiveMoments =>
        new("-h(p) + ln(2 pi sd'^2)/2 + (var(x) + (E[x] - mean')^2)/(2 sd'^2), h the entropy of p; Infinity where a mean is", (p, q) => ToNormal(p, q)) { Condition = HasNormalRest<TP>() ? null : Kept };

    private static ClosedForm<TP, InverseGaussian> ToInverseGaussian<TP>()
        where TP : Continuous, IPositiveMoments =>
        new("-h(p) - ln(shape'/(2 pi))/2 + 3 E[ln x]/2 + shape' (E[x]/mean'^2 - 2/mean' + E[1/x])/2, h the entropy of p; Infinity where a mean is", (p, q) => ToInverseGaussian(p, q)) { Condition = Kept };

    // With L = E[ln x] and M = E[x^e']/s'^e': a' (M/a' - 1 - ln(M/a')), and where M = a' what the entropy of ln x and the logarithm of the mean leave.
    private static double? ToGammaPower<TP>(TP p, GammaPower q)
        where TP : Continuous, IPositiveMoments
    {
        if (p.LogPowerMean(q.Exponent) is not { } power || p.LogMean() is not { } log || p.EntropyByFormula() is not { } entropy) return null;
        if (double.IsPositiveInfinity(power)) return double.PositiveInfinity;
        var mean = Ratio.FromLog(power - q.Exponent * q.LogScale - Math.Log(q.Shape));
        if (p is LogNormal normal)
        {
            var deviation = q.Exponent * normal.Scale;
            return q.Shape * mean.Excess + 0.5 * Ratio.Of([q.Shape, Math.Abs(deviation), Math.Abs(deviation)], []).Excess + GammaFunctions.StirlingRest(q.Shape);
        }

        var (jensen, own) = (q.Shape * (power - q.Exponent * log), entropy - log);
        var model = GammaFunctions.LogGamma(q.Shape) + q.Shape - q.Shape * Math.Log(q.Shape) - Math.Log(Math.Abs(q.Exponent));
        var size = q.Shape * (Math.Abs(power) + Math.Abs(q.Exponent * log)) + Math.Abs(entropy) + Math.Abs(log) + Math.Abs(model);
        return Trusted(q.Shape * mean.Excess + Math.Max(0, jensen - own + model), size);
    }

    private static double? ToLogNormal<TP>(TP p, LogNormal q)
        where TP : Continuous, IPositiveMoments
    {
        if (p.LogMean() is not { } log || p.LogVariance() is not { } variance || p.EntropyByFormula() is not { } entropy) return null;
        if (!double.IsFinite(variance) || !double.IsFinite(log)) return double.PositiveInfinity;
        var rest = p is PowerOfGamma power ? GammaRest.InLogarithms(power.Law().Shape) : HalfLogTwoPiE + 0.5 * Math.Log(variance) - (entropy - log);
        return Matched(log - q.Location, variance, q.Scale) + rest;
    }

    private static double? ToNormal<TP>(TP p, Normal q)
        where TP : Continuous, IPositiveMoments
    {
        if (p.Expectation() is not { } mean || p.EntropyByFormula() is not { } entropy || p.Variance() is 0) return null;
        if (double.IsPositiveInfinity(mean) || p.Variance() is not { } variance || double.IsPositiveInfinity(variance)) return double.PositiveInfinity;
        var fit = Matched(mean - q.Mean, variance, q.StandardDeviation);
        return NormalRest(p) is { } known ? fit + known : Trusted(fit + HalfLogTwoPiE + 0.5 * Math.Log(variance) - entropy, HalfLogTwoPiE + Math.Abs(entropy));
    }

    // What a distribution lacks in entropy from the normal one of its variance.
    private static double? NormalRest(Continuous p) => p switch
    {
        Gamma gamma => GammaRest.OnTheLine(gamma.Shape),
        ChiSquared chi => GammaRest.OnTheLine(chi.DegreesOfFreedom / 2),
        Exponential => GammaRest.OnTheLine(1),
        LogNormal normal when normal.Scale < 25 => 0.5 * (normal.Scale * normal.Scale + GammaRest.LogGrowth(normal.Scale * normal.Scale)),
        _ => null,
    };

    private static bool HasNormalRest<TP>() => typeof(TP) == typeof(Gamma) || typeof(TP) == typeof(ChiSquared) || typeof(TP) == typeof(Exponential);

    private static double? ToInverseGaussian<TP>(TP p, InverseGaussian q)
        where TP : Continuous, IPositiveMoments
    {
        if (p.LogMean() is not { } log || p.LogPowerMean(1) is not { } mean || p.LogPowerMean(-1) is not { } reciprocal || p.EntropyByFormula() is not { } entropy) return null;
        if (double.IsPositiveInfinity(mean) || double.IsPositiveInfinity(reciprocal)) return double.PositiveInfinity;
        var (upper, lower) = (Math.Exp(mean), Math.Exp(reciprocal));
        // E[(x - mean')^2/x] = (E[x] - mean')^2/E[x] + mean'^2 (E[1/x] - 1/E[x]), of which the second factor is not negative.
        var fit = 0.5 * q.Shape * ((upper - q.Mean) / q.Mean * ((upper - q.Mean) / q.Mean) / upper + lower * -Elementary.Expm1(-(mean + reciprocal)));
        var rest = -entropy + HalfLogTwoPiE - 0.5 - 0.5 * Math.Log(q.Shape) + 1.5 * log;
        return double.IsPositiveInfinity(fit) ? fit : Trusted(fit + rest, Math.Abs(entropy) + Math.Abs(Math.Log(q.Shape)) + Math.Abs(log) + 1);
    }

    // KL of normal distributions.
    private static double Matched(double difference, double variance, double deviation)
    {
        var z = difference / deviation;
        return 0.5 * (Ratio.Of([variance], [deviation, deviation]).Excess + z * z);
    }
}
