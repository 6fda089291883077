using KlCore.Numerics;

namespace KlCore.Distributions.ClosedForms;

/// <summary>Closed forms of the uniform law and of normal laws truncated alike.</summary>
internal static class IntervalForms
{
    private const string Outside = "; Infinity where p reaches beyond q";

    public static IEnumerable<ClosedForm> All =>
    [
        new ClosedForm<Uniform, Uniform>("ln((upper' - lower')/(upper - lower))" + Outside, Between) { Chernoff = LogChernoff, Transport = Wasserstein },
        new ClosedForm<Uniform, BetaDistribution>("ln B(alpha', beta') - ln(upper - lower) - (alpha' - 1) E ln x - (beta' - 1) E ln(1 - x)" + Outside, ToBeta),
        new ClosedForm<Uniform, ContinuousBernoulli>("k(t') - t' (lower + upper)/2 - ln(upper - lower), t = ln(parameter/(1 - parameter)), k(t) = ln((e^t - 1)/t)" + Outside, (p, q) => p.Lower < 0 || p.Upper > 1 ? double.PositiveInfinity : NotNegative(-p.LogWidth() - TiltedUnit.LogDensity(q.Tilt(), p.Expectation()!.Value))),
        new ClosedForm<Uniform, Exponential>("rate' (lower + upper)/2 - ln(rate' (upper - lower))" + Outside, (p, q) => p.Lower < 0 ? double.PositiveInfinity : NotNegative(-p.LogWidth() - Math.Log(q.Rate) + q.Rate * p.Expectation()!.Value)),
        new ClosedForm<Uniform, Gamma>("ln Gamma(shape') - shape' ln rate' - (shape' - 1) E ln x + rate' E x - ln(upper - lower)" + Outside, (p, q) => p.Lower < 0 ? double.PositiveInfinity : NotNegative(-p.LogWidth() + GammaFunctions.LogGamma(q.Shape) - q.Shape * Math.Log(q.Rate) - (q.Shape - 1) * MeanLog(p.Lower, p.Upper) + q.Rate * p.Expectation()!.Value)),
        new ClosedForm<Uniform, Pareto>("(shape' + 1) E ln x - ln shape' - shape' ln scale' - ln(upper - lower)" + Outside, (p, q) => p.Lower < q.Scale ? double.PositiveInfinity : NotNegative(-p.LogWidth() - Math.Log(q.Shape) - q.Shape * Math.Log(q.Scale) + (q.Shape + 1) * MeanLog(p.Lower, p.Upper))),
        new ClosedForm<Uniform, Gumbel>("E z' + E e^-z' + ln scale' - ln(upper - lower), z' = (x - location')/scale'", ToGumbel),
        new ClosedForm<Uniform, Laplace>("ln(2 scale') + E|x - location'|/scale' - ln(upper - lower)", ToLaplace),
        new ClosedForm<TruncatedNormal, TruncatedNormal>("ln E e^d - E d, d = ln q(x) - ln p(x) up to a constant; further ln(1/Q(p's interval))" + Outside, TruncatedForms.Between),
    ];

    private static double? Between(Uniform p, Uniform q)
    {
        if (p.Lower < q.Lower || p.Upper > q.Upper) return double.PositiveInfinity;
        var more = (q.Upper - p.Upper) + (p.Lower - q.Lower);
        return double.IsFinite(more) && double.IsFinite(p.Upper - p.Lower) && more < p.Upper - p.Lower ? Elementary.Log1p(more / (p.Upper - p.Lower)) : q.LogWidth() - p.LogWidth();
    }

    // The density p^a q^(1-a) over what both have in common.
    private static double? LogChernoff(Uniform p, Uniform q, double a)
    {
        if ((a > 1 && (p.Lower < q.Lower || p.Upper > q.Upper)) || (a < 0 && (q.Lower < p.Lower || q.Upper > p.Upper))) return double.PositiveInfinity;
        var (lower, upper) = (Math.Max(p.Lower, q.Lower), Math.Min(p.Upper, q.Upper));
        if (lower >= upper) return double.NegativeInfinity;
        var common = new Uniform { Lower = lower, Upper = upper };
        return -(a * Between(common, p) + (1 - a) * Between(common, q));
    }

    // Quantiles differ linearly, from one end's difference to the other's.
    private static double? Wasserstein(Uniform p, Uniform q, int order)
    {
        var (from, to) = (p.Lower - q.Lower, p.Upper - q.Upper);
        var (a, b) = (Math.Abs(from), Math.Abs(to));
        return order switch
        {
            1 => Math.Sign(from) * Math.Sign(to) >= 0 ? 0.5 * a + 0.5 * b : 0.5 * (a * (a / (a + b)) + b * (b / (a + b))),
            2 => Math.Max(a, b) is var unit && unit > 0 ? unit * Math.Sqrt((from / unit * (from / unit) + from / unit * (to / unit) + to / unit * (to / unit)) / 3) : 0,
            _ => null,
        };
    }

    private static double? ToBeta(Uniform p, BetaDistribution q)
    {
        if (p.Lower < 0 || p.Upper > 1) return double.PositiveInfinity;
        if (p is { Lower: 0, Upper: 1 }) return UnitForms.Between(new() { Alpha = 1, Beta = 1 }, q);
        return NotNegative(-p.LogWidth() + BetaPower.LogBeta(q.Alpha, q.Beta) - (q.Alpha - 1) * MeanLog(p.Lower, p.Upper) - (q.Beta - 1) * MeanLog(1 - p.Upper, 1 - p.Lower));
    }

    private static double? ToGumbel(Uniform p, Gumbel q)
    {
        var (from, width) = ((p.Lower - q.Location) / q.Scale, p.Upper / q.Scale - p.Lower / q.Scale);
        if (!double.IsFinite(from) || !double.IsFinite(width)) return null;
        return NotNegative(from + 0.5 * width + Math.Exp(-from) * (-Elementary.Expm1(-width) / width) - Math.Log(width));
    }

    private static double? ToLaplace(Uniform p, Laplace q)
    {
        var (below, above) = ((q.Location - p.Lower) / q.Scale, (p.Upper - q.Location) / q.Scale);
        var width = p.Upper / q.Scale - p.Lower / q.Scale;
        if (!double.IsFinite(below) || !double.IsFinite(above) || !double.IsFinite(width)) return null;
        var distance = below <= 0 || above <= 0 ? 0.5 * Math.Abs(above - below) : 0.5 * (below * (below / width) + above * (above / width));
        return NotNegative(Units.Ln2 + distance - Math.Log(width));
    }

    // The mean of ln x over an interval: ln a + ((1 + r) ln(1 + r) - r)/r with r = (b - a)/a.
    private static double MeanLog(double a, double b) => a == 0 || b / a > 1e10
        ? Math.Log(b) - 1 - (a == 0 ? 0 : a / (b - a) * (Math.Log(a) - Math.Log(b)))
        : Math.Log(a) + Elementary.Bregman(b, a - b, a) / (b - a);

    private static double NotNegative(double value) => Math.Max(0, value);
}
