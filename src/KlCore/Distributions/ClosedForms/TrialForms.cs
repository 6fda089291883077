using KlCore.Divergences;
using KlCore.Numerics;
using static KlCore.Distributions.ClosedForms.SupportForms;

namespace KlCore.Distributions.ClosedForms;

/// <summary>Closed forms of distributions that come from trials with a fixed probability.</summary>
internal static class TrialForms
{
    private const string Two = "p ln(p/q(1)) + (1 - p) ln((1 - p)/q(0)), p = probability";
    private const string Waiting = "(p ln(p/p') + (1 - p) ln((1 - p)/(1 - p')))/p, p = probability";

    private const string Above = "Infinity, but -ln q(1) for probability = 1: q has no 0";

    public static IEnumerable<ClosedForm> All =>
    [
        Form<Bernoulli, Bernoulli>("p ln(p/p') + (1 - p) ln((1 - p)/(1 - p')), p = probability", (p, q) => Trial(p.Probability, q.Probability)) with
        {
            Chernoff = (p, q, a) => PowerGap.LogOfBernoulli(p.Probability, q.Probability, a),
            Transport = (p, q, order) => Math.Pow(Math.Abs(p.Probability - q.Probability), 1.0 / order),
        },
        Form<Geometric, Geometric>(Waiting, (p, q) => Trial(p.Probability, q.Probability) / p.Probability) with
        {
            Chernoff = (p, q, a) => LogWaiting(p.Probability, q.Probability, a),
        },
        Form<Geometric, NegativeBinomial>(Waiting, (p, q) => q.Successes == 1 ? Trial(p.Probability, q.Probability) / p.Probability : null) with
        {
            Condition = "successes' = 1",
            Chernoff = (p, q, a) => q.Successes == 1 ? LogWaiting(p.Probability, q.Probability, a) : null,
        },
        Form<NegativeBinomial, Geometric>(Waiting, (p, q) => p.Successes == 1 ? Trial(p.Probability, q.Probability) / p.Probability : null) with
        {
            Condition = "successes = 1",
            Chernoff = (p, q, a) => p.Successes == 1 ? LogWaiting(p.Probability, q.Probability, a) : null,
        },
        Form<NegativeBinomial, NegativeBinomial>("successes (p ln(p/p') + (1 - p) ln((1 - p)/(1 - p')))/p, p = probability", (p, q) => p.Successes == q.Successes ? p.Successes * (Trial(p.Probability, q.Probability) / p.Probability) : null) with
        {
            Condition = "successes' = successes",
            Chernoff = (p, q, a) => p.Successes == q.Successes ? p.Successes * LogWaiting(p.Probability, q.Probability, a) : null,
        },
        Form<Binomial, Binomial>("trials (p ln(p/p') + (1 - p) ln((1 - p)/(1 - p'))), p = probability; Infinity for trials' < trials", (p, q) => p.Trials == q.Trials ? p.Trials * Trial(p.Probability, q.Probability) : null) with
        {
            Condition = "trials' <= trials",
            Chernoff = (p, q, a) => p.Trials == q.Trials ? p.Trials * PowerGap.LogOfBernoulli(p.Probability, q.Probability, a) : null,
        },
        Form<Binomial, Bernoulli>("p ln(p/p') + (1 - p) ln((1 - p)/(1 - p')), p = probability; Infinity for trials > 1", (p, q) => Trial(p.Probability, q.Probability)),
        Form<Bernoulli, Binomial>(Two, (p, q) => q.Trials == 1 ? Trial(p.Probability, q.Probability) : TwoValues(p, q)),
        Form<Bernoulli, NegativeBinomial>(Two, TwoValues),
        Form<Bernoulli, Poisson>("p ln(p/rate') + (1 - p) ln(1 - p) + rate', p = probability", TwoValues),
        Form<Bernoulli, Geometric>("p ln(p/(p' (1 - p'))) + (1 - p) ln((1 - p)/p'), p = probability", TwoValues),
        Form<Bernoulli, DiscreteUniform>("ln(upper' - lower' + 1) + p ln p + (1 - p) ln(1 - p), p = probability", TwoValues),
        Form<Bernoulli, Zeta>(Above, TwoValues),
        Form<Bernoulli, Logarithmic>(Above, TwoValues),
        Form<Bernoulli, Categorical>(Two, (p, q) => Categories([1 - p.Probability, p.Probability], q.Probabilities)),
        Form<Categorical, Bernoulli>("sum over x of p_x ln(p_x/q(x)), p = probabilities", (p, q) => Categories(p.Probabilities, [1 - q.Probability, q.Probability])),
        Form<Categorical, Categorical>("sum over x of p_x ln(p_x/p'_x), p = probabilities", (p, q) => Categories(p.Probabilities, q.Probabilities)) with
        {
            Chernoff = (p, q, a) => LogCategories(p.Probabilities, q.Probabilities, a),
        },
    ];

    /// <summary>KL of one trial with probability p from one with probability q.</summary>
    public static double Trial(double p, double q) => Elementary.Bregman(p, q - p, q) + Elementary.Bregman(1 - p, p - q, 1 - q);

    /// <summary>KL between probabilities of categories.</summary>
    public static double Categories(double[] p, double[] q) => KullbackLeibler.Forward(ProbabilityVector.Pair(p, q));

    /// <summary>ln sum p^a q^(1-a) over categories.</summary>
    public static double LogCategories(double[] p, double[] q, double a) => PowerSum.LogOver(ProbabilityVector.Pair(p, q), a, 1 - a, 1);

    /// <summary>
    /// ln of the sum over k of p^a q^b (u^a v^b)^k with u = 1 - p, v = 1 - q: p^a q^b / (1 - u^a v^b), whose lack from 1 is that of both means over the
    /// denominator. Infinite where the sum is.
    /// </summary>
    public static double LogWaiting(double p, double q, double a)
    {
        if (p == q) return 0;
        var (u, v) = (Elementary.Log1p(-p), Elementary.Log1p(-q));
        var logRatio = PowerGap.Power(u, v, a);
        // Beyond q's only value, and with a negative power of what is 0 there.
        if ((q == 1 && a > 1) || (p == 1 && a < 0) || logRatio >= 0) return double.PositiveInfinity;
        var rest = -Elementary.Expm1(logRatio);
        var lack = (PowerGap.Of(p, q, q - p, a) + PowerGap.Of(1 - p, 1 - q, p - q, a)) / rest;
        return Math.Abs(lack) < 0.5 ? Elementary.Log1p(-lack) : PowerGap.Power(Math.Log(p), Math.Log(q), a) - Math.Log(rest);
    }

    /// <summary>
    /// KL of a trial from any distribution of integers: the sum over 0 and 1 of p ln(p/q) - p + q, and what q has elsewhere, all at least 0.
    /// </summary>
    public static double? TwoValues(Bernoulli p, Discrete q)
    {
        var (failure, success) = (q.LogDensity(0), q.LogDensity(1));
        var (atZero, atOne) = (Math.Exp(failure), Math.Exp(success));
        return Elementary.Bregman(1 - p.Probability, Elementary.Expm1(failure) + p.Probability, atZero)
            + Elementary.Bregman(p.Probability, atOne - p.Probability, atOne) + q.Survival(1) + q.Cumulative(-1);
    }
}
