using KlCore.Numerics;

namespace KlCore.Distributions.ClosedForms;

/// <summary>Closed forms within the positive families that are no powers of a gamma variate, and the few between them.</summary>
internal static class PositiveFamilyForms
{
    public static IEnumerable<ClosedForm> All =>
    [
        new ClosedForm<LogNormal, LogNormal>("(u - ln(1 + u) + z^2)/2, u = (scale/scale')^2 - 1, z = (location - location')/scale'", LogNormals) { Chernoff = LogNormalChernoff, Transport = LogNormalTransport },
        new ClosedForm<InverseGaussian, InverseGaussian>("(shape'/shape - 1 - ln(shape'/shape))/2 + shape' (mean - mean')^2/(2 mean'^2 mean)", InverseGaussians) { Chernoff = InverseGaussianChernoff },
        new ClosedForm<Lindley, Lindley>("2 (r - ln(1 + r)) - (t - ln(1 + t)), r = (b' - b)/b, t = (b' - b)/(1 + b), b = parameter", Lindleys)
        {
            Chernoff = (p, q, w) => Gap(p.Parameter, q.Parameter, w) is > double.NegativeInfinity and var gap ? Gap(1 + p.Parameter, 1 + q.Parameter, w) - 2 * gap : double.PositiveInfinity,
        },
        new ClosedForm<LogLogistic, LogLogistic>("d coth(d/2) - 2, d = shape ln(scale/scale')", LogLogistics)
        {
            Condition = "for equal shapes",
            Transport = (p, q, order) => p.Shape == q.Shape ? Multiples(p.Scale, q.Scale, new LogLogistic { Shape = p.Shape, Scale = 1 }, order) : null,
        },
        new ClosedForm<Lomax, Lomax>("shape'/shape - 1 - ln(shape'/shape)", (p, q) => p.Scale == q.Scale ? Rates(p.Shape, q.Shape) : null)
        {
            Condition = "for equal scales",
            Chernoff = (p, q, w) => p.Scale == q.Scale ? -Gap(p.Shape, q.Shape, w) : null,
            Transport = (p, q, order) => p.Shape == q.Shape ? Multiples(p.Scale, q.Scale, new Lomax { Shape = p.Shape, Scale = 1 }, order) : null,
        },
        new ClosedForm<Pareto, Pareto>("shape'/shape - 1 - ln(shape'/shape) + shape' ln(scale/scale'); Infinity if scale < scale'", Paretos) { Chernoff = ParetoChernoff, Transport = ParetoTransport },
        new ClosedForm<LogUniform, Pareto>("-ln(shape' w) - shape' ln scale' + shape' (ln lower + ln upper)/2, w = ln(upper/lower); Infinity if lower < scale'", UniformToPareto),
        new ClosedForm<HalfCauchy, HalfCauchy>("ln(1 + (scale - scale')^2/(4 scale scale'))", HalfCauchys) { Transport = (p, q, _) => p.Scale == q.Scale ? 0 : double.PositiveInfinity },
        new ClosedForm<LogUniform, LogUniform>("ln(ln(upper'/lower')/ln(upper/lower)); Infinity if p's interval is not within q's", LogUniforms) { Chernoff = LogUniformChernoff },
        new ClosedForm<Rayleigh, HalfCauchy>("-h(p) + ln(pi scale'/2) + e^t E1(t), t = (scale'/scale)^2/2, h the entropy of p", RayleighToHalfCauchy),
        ToLogLogistic<Exponential>(), ToLogLogistic<Rayleigh>(), ToLogLogistic<Weibull>(), ToLogLogistic<Frechet>(),
        .. Beyond<Exponential>(), .. Beyond<Gamma>(), .. Beyond<InverseGamma>(), .. Beyond<ChiSquared>(), .. Beyond<Chi>(), .. Beyond<Maxwell>(), .. Beyond<Rayleigh>(),
        .. Beyond<HalfNormal>(), .. Beyond<Nakagami>(), .. Beyond<Weibull>(), .. Beyond<Frechet>(), .. Beyond<Levy>(), .. Beyond<LogNormal>(), .. Beyond<InverseGaussian>(),
        .. Beyond<Lindley>(), .. Beyond<LogLogistic>(), .. Beyond<Lomax>(), .. Beyond<Gompertz>(), .. Beyond<HalfCauchy>(),
        new ClosedForm<Pareto, LogUniform>("Infinity: p has no largest value, q has", (_, _) => double.PositiveInfinity),
        new ClosedForm<Exponential, Lindley>("ln(rate/b'^2) - 1 + ln(1 + b') - e^rate E1(rate) + b'/rate, b' = parameter'", ExponentialToLindley) { Condition = Kept },
        new ClosedForm<Exponential, Lomax>("ln(rate scale'/shape') - 1 + (shape' + 1) e^t E1(t), t = rate scale'", ExponentialToLomax) { Condition = Kept },
    ];

    private const string Kept = "unless the two are so nearly alike that the formula's terms cancel";

    /// <summary>KL of exponential distributions: b'/b - 1 - ln(b'/b).</summary>
    public static double Rates(double rate, double other) => Ratio.Of([other], [rate]).Excess;

    /// <summary>ln(w x + (1 - w) y) - w ln x - (1 - w) ln y, at least 0 for w from 0 to 1; minus infinity where the mean is not positive.</summary>
    public static double Gap(double x, double y, double w)
    {
        var mean = w * x + (1 - w) * y;
        if (!(mean > 0)) return double.NegativeInfinity;
        // The excess x/mean - 1 - ln(x/mean) of each: their weighted sum has no linear part.
        return w * Excess((1 - w) * ((x - y) / mean), x, mean) + (1 - w) * Excess(w * ((y - x) / mean), y, mean);
    }

    // W_k of two multiples of one distribution: their distance times (E[x^k])^(1/k) of that.
    private static double? Multiples(double scale, double other, IPositiveMoments unit, int order) =>
        scale == other ? 0 : unit.LogPowerMean(order) is { } log ? Math.Abs(scale - other) * Math.Exp(log / order) : null;

    private static IEnumerable<ClosedForm> Beyond<TP>()
        where TP : Continuous =>
    [
        new ClosedForm<TP, Pareto>("Infinity: p has values below scale'", (_, _) => double.PositiveInfinity),
        new ClosedForm<TP, LogUniform>("Infinity: p has values outside q's interval", (_, _) => double.PositiveInfinity),
    ];

    // Where x^e is exponential and |e| the model's shape: the mean of ln(1 + t G) is that of an exponential integral.
    private static ClosedForm<TP, LogLogistic> ToLogLogistic<TP>()
        where TP : PowerOfGamma =>
        new($"-1 - ln t + 2 e^(1/t) E1(1/t), t = (s/scale')^e, {GammaPowerPairs.Of(typeof(TP))}", (p, q) =>
        {
            var law = p.Law();
            if (Math.Abs(law.Exponent) != q.Shape) return null;
            var log = law.Exponent * (law.LogScale - Math.Log(q.Scale));
            return Math.Abs(log) < 600 ? -1 - log + 2 * ExponentialIntegral.Scaled(Math.Exp(-log)) : null;
        })
        { Condition = "for a shape' of |e|" };

    private static double Excess(double lessOne, double x, double mean) =>
        new Ratio(lessOne, Math.Abs(lessOne) < 0.5 ? 0 : Elementary.LogOfRatio(x, mean)).Excess;

    private static double? LogNormals(LogNormal p, LogNormal q)
    {
        var z = (p.Location - q.Location) / q.Scale;
        return 0.5 * (Ratio.Of([p.Scale, p.Scale], [q.Scale, q.Scale]).Excess + z * z);
    }

    private static double? LogNormalChernoff(LogNormal p, LogNormal q, double w)
    {
        if (w is 0 or 1) return 0;
        // In units of the larger scale, so that no square is beyond the doubles that need not be.
        var unit = Math.Max(p.Scale, q.Scale);
        var (own, other, shift) = (p.Scale / unit, q.Scale / unit, (p.Location - q.Location) / unit);
        var mean = w * other * other + (1 - w) * own * own;
        if (!(mean > 0)) return double.PositiveInfinity;
        var gap = Math.Min(own, other) > 1e-150 ? Gap(other * other, own * own, w) : Math.Log(mean) - 2 * (w * (Math.Log(q.Scale) - Math.Log(unit)) + (1 - w) * (Math.Log(p.Scale) - Math.Log(unit)));
        return -0.5 * (w * (1 - w) * shift * shift / mean + gap);
    }

    // Of order 2 by E[XY] of the two at equal ranks; of equal scales one is a multiple of the other.
    private static double? LogNormalTransport(LogNormal p, LogNormal q, int order)
    {
        if (p.Scale == q.Scale) return Math.Exp(q.Location + 0.5 * order * q.Scale * q.Scale) * Math.Abs(Elementary.Expm1(p.Location - q.Location));
        if (order != 2) return null;
        var (own, other, apart) = (p.Location + p.Scale * p.Scale, q.Location + q.Scale * q.Scale, p.Scale - q.Scale);
        var difference = Math.Exp(other) * Elementary.Expm1(own - other);
        return Math.Sqrt(difference * difference - 2 * Math.Exp(own + other) * Elementary.Expm1(-0.5 * apart * apart));
    }

    private static double? InverseGaussians(InverseGaussian p, InverseGaussian q)
    {
        var r = (p.Mean - q.Mean) / q.Mean;
        var apart = r == 0 ? 0 : q.Shape / p.Mean * r * r;
        return 0.5 * (Ratio.Of([q.Shape], [p.Shape]).Excess + apart);
    }

    private static double? InverseGaussianChernoff(InverseGaussian p, InverseGaussian q, double w)
    {
        var shape = w * p.Shape + (1 - w) * q.Shape;
        var rate = w * (p.Shape / p.Mean / p.Mean) + (1 - w) * (q.Shape / q.Mean / q.Mean);
        if (!(shape > 0 && rate >= 0)) return double.PositiveInfinity;
        if (p == q) return 0;
        var middle = new InverseGaussian { Mean = Math.Sqrt(shape / rate), Shape = shape };
        if (!double.IsNormal(middle.Mean) || !double.IsFinite(shape)) return null;
        return -w * InverseGaussians(middle, p) - (1 - w) * InverseGaussians(middle, q);
    }

    private static double? Lindleys(Lindley p, Lindley q)
    {
        var difference = q.Parameter - p.Parameter;
        return 2 * Rates(p.Parameter, q.Parameter) - Elementary.Bregman(1 + p.Parameter, difference, 1 + q.Parameter) / (1 + p.Parameter);
    }

    private static double? LogLogistics(LogLogistic p, LogLogistic q)
    {
        if (p.Shape != q.Shape) return null;
        var h = 0.5 * p.Shape * Math.Abs(Ratio.Of([p.Scale], [q.Scale]).Log);
        // 2 (h coth h - 1).
        var z = h * h;
        return h < 0.2
            ? 2 * z * (1.0 / 3 - z * (1.0 / 45 - z * (2.0 / 945 - z * (1.0 / 4725 - z * (2.0 / 93555 - z * (1382.0 / 638512875))))))
            : 2 * (h / Math.Tanh(h) - 1);
    }

    private static double? Paretos(Pareto p, Pareto q) =>
        p.Scale < q.Scale ? double.PositiveInfinity : Rates(p.Shape, q.Shape) + q.Shape * Ratio.Of([p.Scale], [q.Scale]).Log;

    private static double? ParetoChernoff(Pareto p, Pareto q, double w)
    {
        if ((w > 1 && p.Scale < q.Scale) || (w < 0 && q.Scale < p.Scale)) return double.PositiveInfinity;
        var apart = Ratio.Of([p.Scale], [q.Scale]).Log;
        // Up to the larger scale the other one's mass is lost.
        return -Gap(p.Shape, q.Shape, w) - (apart > 0 ? (1 - w) * q.Shape * apart : w * p.Shape * -apart);
    }

    private static double? ParetoTransport(Pareto p, Pareto q, int order)
    {
        if (p.Shape == q.Shape) return p.Scale == q.Scale ? 0 : p.Shape > order ? Math.Abs(p.Scale - q.Scale) * Math.Pow(p.Shape / (p.Shape - order), 1.0 / order) : double.PositiveInfinity;
        var ordered = (p.Scale - q.Scale) * (q.Shape - p.Shape) >= 0;
        return order == 1 && ordered && p.Shape > 1 && q.Shape > 1 ? Math.Abs(p.Expectation()!.Value - q.Expectation()!.Value) : null;
    }

    private static double? UniformToPareto(LogUniform p, Pareto q)
    {
        if (p.Lower < q.Scale) return double.PositiveInfinity;
        var (width, start) = (p.Width(), Ratio.Of([p.Lower], [q.Scale]).Log);
        // The excess of shape' times the mean of ln(x/scale'), and what is left of -1 - ln w + ln of that mean.
        var mean = start + 0.5 * width;
        return Ratio.FromLog(Math.Log(q.Shape * mean)).Excess + 1 + Math.Log(mean / width);
    }

    private static double? HalfCauchys(HalfCauchy p, HalfCauchy q)
    {
        // (r - 1)^2/(4 r) with r = scale/scale'.
        var ratio = Ratio.Of([p.Scale], [q.Scale]);
        if (Math.Abs(ratio.Log) > 600) return Math.Abs(ratio.Log) - 2 * Units.Ln2;
        return Elementary.Log1p(ratio.LessOne * ratio.LessOne / (4 * Math.Exp(ratio.Log)));
    }

    private static double? LogUniforms(LogUniform p, LogUniform q)
    {
        if (p.Lower < q.Lower || p.Upper > q.Upper) return double.PositiveInfinity;
        return Elementary.Log1p((Ratio.Of([p.Lower], [q.Lower]).Log + Ratio.Of([q.Upper], [p.Upper]).Log) / p.Width());
    }

    private static double? LogUniformChernoff(LogUniform p, LogUniform q, double w)
    {
        var (lower, upper) = (Math.Max(p.Lower, q.Lower), Math.Min(p.Upper, q.Upper));
        if (w > 1 && (p.Lower < q.Lower || p.Upper > q.Upper)) return double.PositiveInfinity;
        if (w < 0 && (q.Lower < p.Lower || q.Upper > p.Upper)) return double.PositiveInfinity;
        if (lower >= upper) return double.NegativeInfinity;
        var common = new LogUniform { Lower = lower, Upper = upper };
        return -w * LogUniforms(common, p) - (1 - w) * LogUniforms(common, q);
    }

    private static double? RayleighToHalfCauchy(Rayleigh p, HalfCauchy q)
    {
        var ratio = q.Scale / p.Scale;
        return -p.EntropyByFormula() + Math.Log(Math.PI / 2) + Math.Log(q.Scale) + ExponentialIntegral.Scaled(0.5 * ratio * ratio);
    }

    private static double? ExponentialToLindley(Exponential p, Lindley q)
    {
        var (logs, onePlus) = (ExponentialIntegral.Scaled(p.Rate), Elementary.Log1p(1 / q.Parameter));
        return PositiveForms.Trusted(Rates(p.Rate, q.Parameter) + onePlus - logs, onePlus + logs);
    }

    private static double? ExponentialToLomax(Exponential p, Lomax q)
    {
        var scaled = p.Rate * q.Scale;
        if (!(scaled > 0 && double.IsFinite(scaled))) return null;
        var mean = ExponentialIntegral.Scaled(scaled);
        // At the best shape 1/mean the rest is ln(scaled mean) + mean.
        var rest = PositiveForms.Trusted(Math.Log(scaled * mean) + mean, mean);
        return Ratio.FromLog(Math.Log(q.Shape) + Math.Log(mean)).Excess + rest;
    }
}
