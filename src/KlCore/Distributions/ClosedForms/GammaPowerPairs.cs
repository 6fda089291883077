namespace KlCore.Distributions.ClosedForms;

/// <summary>The pairs of families that are powers of a gamma variate, and what each family's parameters are to the general formula.</summary>
internal static class GammaPowerPairs
{
    // Shape a, exponent e and scale s of each family in its own parameters.
    private static readonly Dictionary<Type, (string A, string E, string S)> Parameters = new()
    {
        [typeof(Exponential)] = ("1", "1", "1/rate"),
        [typeof(Gamma)] = ("shape", "1", "1/rate"),
        [typeof(InverseGamma)] = ("shape", "-1", "scale"),
        [typeof(ChiSquared)] = ("degreesOfFreedom/2", "1", "2"),
        [typeof(Chi)] = ("degreesOfFreedom/2", "2", "sqrt(2)"),
        [typeof(Maxwell)] = ("3/2", "2", "sqrt(2) scale"),
        [typeof(Rayleigh)] = ("1", "2", "sqrt(2) scale"),
        [typeof(HalfNormal)] = ("1/2", "2", "sqrt(2) scale"),
        [typeof(Nakagami)] = ("shape", "2", "sqrt(spread/shape)"),
        [typeof(Weibull)] = ("1", "shape", "scale"),
        [typeof(Frechet)] = ("1", "-shape", "scale"),
        [typeof(Levy)] = ("1/2", "-1", "scale/2"),
    };

    // What the general formula comes to where it is short.
    private static readonly Dictionary<(Type, Type), string> Short = new()
    {
        [(typeof(Exponential), typeof(Exponential))] = "ln(rate/rate') + rate'/rate - 1",
        [(typeof(Gamma), typeof(Gamma))] = "(shape - shape') psi(shape) - lnGamma(shape) + lnGamma(shape') + shape' ln(rate/rate') + shape (rate'/rate - 1)",
        [(typeof(InverseGamma), typeof(InverseGamma))] = "(shape - shape') psi(shape) - lnGamma(shape) + lnGamma(shape') + shape' ln(scale/scale') + shape (scale'/scale - 1)",
        [(typeof(ChiSquared), typeof(ChiSquared))] = "lnGamma(k'/2) - lnGamma(k/2) + (k - k') psi(k/2)/2, k = degreesOfFreedom",
        [(typeof(Chi), typeof(Chi))] = "lnGamma(k'/2) - lnGamma(k/2) + (k - k') psi(k/2)/2, k = degreesOfFreedom",
        [(typeof(Maxwell), typeof(Maxwell))] = "3 ((scale/scale')^2 - 1 - ln((scale/scale')^2))/2",
        [(typeof(Rayleigh), typeof(Rayleigh))] = "(scale/scale')^2 - 1 - ln((scale/scale')^2)",
        [(typeof(HalfNormal), typeof(HalfNormal))] = "((scale/scale')^2 - 1 - ln((scale/scale')^2))/2",
        [(typeof(Nakagami), typeof(Nakagami))] = "(m - m') psi(m) - lnGamma(m) + lnGamma(m') + m' ln(m w'/(m' w)) + m' w/w' - m, m = shape, w = spread",
        [(typeof(Weibull), typeof(Weibull))] = "ln(k/k') - k' ln(l/l') + (k'/k - 1) 0.57721... + (l/l')^k' Gamma(k'/k + 1) - 1, k = shape, l = scale",
        [(typeof(Frechet), typeof(Frechet))] = "ln(k/k') + k' ln(l/l') + (k'/k - 1) 0.57721... + (l'/l)^k' Gamma(k'/k + 1) - 1, k = shape, l = scale",
        [(typeof(Levy), typeof(Levy))] = "(scale'/scale - 1 - ln(scale'/scale))/2",
    };

    public static IEnumerable<ClosedForm> All =>
    [
        .. From<Exponential>(), .. From<Gamma>(), .. From<InverseGamma>(), .. From<ChiSquared>(), .. From<Chi>(), .. From<Maxwell>(),
        .. From<Rayleigh>(), .. From<HalfNormal>(), .. From<Nakagami>(), .. From<Weibull>(), .. From<Frechet>(), .. From<Levy>(),
    ];

    /// <summary>"a, e, s = shape, 1, 1/rate".</summary>
    public static string Of(Type family) => Parameters[family] is var (a, e, s) ? $"a, e, s = {a}, {e}, {s}" : "";

    /// <summary>The same of the model, with primes.</summary>
    public static string OfModel(Type family)
    {
        var (a, e, s) = Parameters[family];
        return $"a', e', s' = {Primed(a)}, {Primed(e)}, {Primed(s)}";
    }

    private static IEnumerable<ClosedForm> From<TP>()
        where TP : PowerOfGamma =>
    [
        Form<TP, Exponential>(), Form<TP, Gamma>(), Form<TP, InverseGamma>(), Form<TP, ChiSquared>(), Form<TP, Chi>(), Form<TP, Maxwell>(),
        Form<TP, Rayleigh>(), Form<TP, HalfNormal>(), Form<TP, Nakagami>(), Form<TP, Weibull>(), Form<TP, Frechet>(), Form<TP, Levy>(),
    ];

    private static ClosedForm<TP, TQ> Form<TP, TQ>()
        where TP : PowerOfGamma
        where TQ : PowerOfGamma =>
        new(Formula(typeof(TP), typeof(TQ)), (p, q) => GammaPowerForms.KullbackLeibler(p.Law(), q.Law()))
        {
            Chernoff = (p, q, a) => GammaPowerForms.LogChernoff(p.Law(), q.Law(), a),
            Transport = (p, q, order) => GammaPowerForms.Wasserstein(p.Law(), q.Law(), order),
        };

    private static string Formula(Type p, Type q)
    {
        if (Short.TryGetValue((p, q), out var formula)) return formula;
        return $"lnGamma(a') - lnGamma(a) + a psi(a) - a - ln|c| - a' ln t - a' c psi(a) + t Gamma(a + c)/Gamma(a), c = e'/e, t = (s/s')^e', {Of(p)}, {OfModel(q)}; Infinity if a + c <= 0";
    }

    private static string Primed(string parameters) =>
        System.Text.RegularExpressions.Regex.Replace(parameters, "shape|rate|scale|spread|degreesOfFreedom", "$0'");
}
