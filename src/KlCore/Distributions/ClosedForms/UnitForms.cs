using KlCore.Numerics;

namespace KlCore.Distributions.ClosedForms;

/// <summary>Closed forms of families on the interval from 0 to 1.</summary>
internal static class UnitForms
{
    private static readonly BetaDistribution Flat = new() { Alpha = 1, Beta = 1 };

    public static IEnumerable<ClosedForm> All =>
    [
        new ClosedForm<BetaDistribution, BetaDistribution>("B(alpha'; alpha) + B(beta'; beta) - B(alpha' + beta'; alpha + beta), B(b; a) = ln Gamma(b) - ln Gamma(a) - (b - a) psi(a)", (p, q) => Between(p, q)) { Chernoff = LogChernoff },
        new ClosedForm<BetaDistribution, ContinuousBernoulli>("-h + k(t') - t' E x, h = entropy of p, t = ln(parameter/(1 - parameter)), k(t) = ln((e^t - 1)/t)", (p, q) => Math.Max(0, Between(p, Flat) - TiltedUnit.LogDensity(q.Tilt(), p.Expectation()!.Value))),
        new ClosedForm<BetaDistribution, Uniform>("-h + ln(upper' - lower'), h = entropy of p; Infinity unless lower' <= 0 and upper' >= 1", (p, q) => Covers(q) ? Between(p, Flat) + Math.Max(0, q.LogWidth()) : double.PositiveInfinity),
        new ClosedForm<BetaDistribution, Exponential>("-h - ln rate' + rate' E x, h = entropy of p", (p, q) => Math.Max(0, Between(p, Flat) - Math.Log(q.Rate) + q.Rate * p.Expectation()!.Value)),
        new ClosedForm<BetaDistribution, Gamma>("-h - shape' ln rate' + ln Gamma(shape') - (shape' - 1) E ln x + rate' E x, h = entropy of p", ToGamma),
        new ClosedForm<BetaDistribution, Laplace>("-h + ln(2 scale') + E|x - location'|/scale', h = entropy of p", ToLaplace),
        new ClosedForm<BetaDistribution, Kumaraswamy>("that to the beta distribution which q is", (p, q) => AsBeta(q) is { } beta ? Between(p, beta) : null) { Condition = "a' = 1 or b' = 1" },
        new ClosedForm<Kumaraswamy, Kumaraswamy>("b'/b - 1 - ln(b'/b) for equal a; ln(a b/a') - (1 - a'/a) H - (b - 1)/b for b' = 1, H = psi(b + 1) + gamma", Between) { Condition = "a = a', or b' = 1", Chernoff = LogChernoff },
        new ClosedForm<Kumaraswamy, BetaDistribution>("ln(a b/alpha') - (1 - alpha'/a) H - (b - 1)/b for beta' = 1, H = psi(b + 1) + gamma; that between beta distributions where p is one", ToBeta) { Condition = "beta' = 1, or a = 1, or b = 1" },
        new ClosedForm<Kumaraswamy, Uniform>("-h + ln(upper' - lower'), h = entropy of p; Infinity unless lower' <= 0 and upper' >= 1", (p, q) => Covers(q) ? ToBeta(p, Flat) + Math.Max(0, q.LogWidth()) : double.PositiveInfinity),
        new ClosedForm<ContinuousBernoulli, ContinuousBernoulli>("k(t') - k(t) - (t' - t) k'(t), t = ln(parameter/(1 - parameter)), k(t) = ln((e^t - 1)/t)", (p, q) => TiltedUnit.Bregman(p.Tilt(), q.Tilt(), Step(p, q))) { Chernoff = LogChernoff },
        new ClosedForm<ContinuousBernoulli, Uniform>("t k'(t) - k(t) + ln(upper' - lower'), t = ln(parameter/(1 - parameter)), k(t) = ln((e^t - 1)/t); Infinity unless lower' <= 0 and upper' >= 1", (p, q) => Covers(q) ? TiltedUnit.Bregman(p.Tilt(), 0, -p.Tilt()) + Math.Max(0, q.LogWidth()) : double.PositiveInfinity),
        new ClosedForm<ContinuousBernoulli, Exponential>("t k'(t) - k(t) - ln rate' + rate' E x, t = ln(parameter/(1 - parameter)), k(t) = ln((e^t - 1)/t)", (p, q) => Math.Max(0, TiltedUnit.Bregman(p.Tilt(), 0, -p.Tilt()) - Math.Log(q.Rate) + q.Rate * p.Expectation()!.Value)),
        new ClosedForm<LogitNormal, LogitNormal>("that of the normal laws of the logit", (p, q) => NormalForms.KullbackLeibler(Logit(p), Logit(q))) { Chernoff = (p, q, a) => NormalForms.LogChernoff(Logit(p), Logit(q), a) },
        Beyond.Never<BetaDistribution, Pareto>("Infinity: q rules out values near 0 or all of them"), Beyond.Never<ContinuousBernoulli, Pareto>("Infinity: q rules out values near 0 or all of them"),
        Beyond.Never<Kumaraswamy, Pareto>("Infinity: q rules out values near 0 or all of them"), Beyond.Never<LogitNormal, Pareto>("Infinity: q rules out values near 0 or all of them"),
    ];

    /// <summary>
    /// (alpha' + beta') times KL of the means, q's to p's, as between categories, and what B lacks to that: none of it cancels for large shapes.
    /// </summary>
    internal static double Between(BetaDistribution p, BetaDistribution q)
    {
        var (sum, other) = (p.Alpha + p.Beta, q.Alpha + q.Beta);
        var (da, db) = (q.Alpha - p.Alpha, q.Beta - p.Beta);
        if (da == 0 && db == 0) return 0;
        if (Math.Min(Math.Min(p.Alpha, p.Beta), Math.Min(q.Alpha, q.Beta)) < 1e-280) (p, q) = (Tamed(p), Tamed(q));
        (sum, other, da, db) = (p.Alpha + p.Beta, q.Alpha + q.Beta, q.Alpha - p.Alpha, q.Beta - p.Beta);
        if (double.IsInfinity(sum) || double.IsInfinity(other)) return double.PositiveInfinity;
        // What alpha' would be with p's mean, less alpha'; in beta it is the opposite.
        var miss = (p.Alpha * db - p.Beta * da) / sum;
        var means = Elementary.Bregman(q.Alpha, miss, p.Alpha / sum * other) + Elementary.Bregman(q.Beta, -miss, p.Beta / sum * other);
        var rest = LogGammaBregman.Surplus(q.Alpha, p.Alpha, da) + LogGammaBregman.Surplus(q.Beta, p.Beta, db) - LogGammaBregman.Surplus(other, sum, da + db);
        return Math.Max(0, means + rest);
    }

    private static double? LogChernoff(BetaDistribution p, BetaDistribution q, double a)
    {
        (p, q) = (Tamed(p), Tamed(q));
        var (alpha, beta) = (a * p.Alpha + (1 - a) * q.Alpha, a * p.Beta + (1 - a) * q.Beta);
        if (!(alpha > 0 && beta > 0)) return double.PositiveInfinity;
        var middle = new BetaDistribution { Alpha = alpha, Beta = beta };
        if (double.IsInfinity(p.Alpha + p.Beta) || double.IsInfinity(q.Alpha + q.Beta)) return null;
        return -(a * Between(middle, p) + (1 - a) * Between(middle, q));
    }

    private static double? ToGamma(BetaDistribution p, Gamma q)
    {
        if (double.IsInfinity(p.Alpha + p.Beta)) return null;
        p = Tamed(p);
        var logarithm = GammaFunctions.Digamma(p.Alpha) - GammaFunctions.Digamma(p.Alpha + p.Beta);
        return Math.Max(0, Between(p, Flat) - q.Shape * Math.Log(q.Rate) + GammaFunctions.LogGamma(q.Shape) - (q.Shape - 1) * logarithm + q.Rate * p.Expectation()!.Value);
    }

    // E|x - c| = (E x - c) + 2 E (c - x)^+ by the distribution functions of p and of the one with alpha + 1.
    private static double? ToLaplace(BetaDistribution p, Laplace q)
    {
        var (mean, c) = (p.Expectation()!.Value, q.Location);
        var above = mean - c;
        if (c >= 1) above = -above;
        else if (c > 0) above += 2 * (c * IncompleteBeta.Lower(p.Alpha, p.Beta, c) - mean * IncompleteBeta.Lower(p.Alpha + 1, p.Beta, c));
        return Math.Max(0, Between(p, Flat) + Math.Log(2 * q.Scale) + above / q.Scale);
    }

    private static double? Between(Kumaraswamy p, Kumaraswamy q)
    {
        if (p.A == q.A) return ScaleGap.Of(q.B, p.B);
        return q.B == 1 ? ToPower(p, q.A) : null;
    }

    private static double? LogChernoff(Kumaraswamy p, Kumaraswamy q, double a)
    {
        if (p.A != q.A) return null;
        var b = a * p.B + (1 - a) * q.B;
        if (double.IsInfinity(b)) return null;
        return b > 0 ? -(a * ScaleGap.Of(p.B, b) + (1 - a) * ScaleGap.Of(q.B, b)) : double.PositiveInfinity;
    }

    private static double? ToBeta(Kumaraswamy p, BetaDistribution q)
    {
        if (AsBeta(p) is { } beta) return Between(beta, q);
        return q.Beta == 1 ? ToPower(p, q.Alpha) : null;
    }

    private static BetaDistribution Tamed(BetaDistribution law) => IncompleteBeta.Tame(law.Alpha, law.Beta) is var (a, b) ? new() { Alpha = a, Beta = b } : law;

    // To the density c x^(c-1).
    private static double ToPower(Kumaraswamy p, double c) =>
        Math.Max(0, Math.Log(p.A) + Math.Log(p.B) - Math.Log(c) - (1 - c / p.A) * p.Harmonic() - (p.B - 1) / p.B);

    private static BetaDistribution? AsBeta(Kumaraswamy law) => law.A == 1 || law.B == 1 ? new() { Alpha = law.A, Beta = law.B } : null;

    private static Normal Logit(LogitNormal law) => new() { Mean = law.Location, StandardDeviation = law.Scale };

    // The difference of both logits by that of the parameters.
    private static double Step(ContinuousBernoulli p, ContinuousBernoulli q)
    {
        var d = (q.Parameter - p.Parameter) / p.Parameter / (1 - q.Parameter);
        return Math.Abs(d) < 0.5 ? Elementary.Log1p(d) : q.Tilt() - p.Tilt();
    }

    private static double? LogChernoff(ContinuousBernoulli p, ContinuousBernoulli q, double a)
    {
        var step = Step(p, q);
        var middle = p.Tilt() + (1 - a) * step;
        return -(a * TiltedUnit.Bregman(middle, p.Tilt(), (a - 1) * step) + (1 - a) * TiltedUnit.Bregman(middle, q.Tilt(), a * step));
    }

    private static bool Covers(Uniform q) => q.Lower <= 0 && q.Upper >= 1;
}
