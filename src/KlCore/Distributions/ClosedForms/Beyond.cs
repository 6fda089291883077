namespace KlCore.Distributions.ClosedForms;

/// <summary>Pairs whose divergence is infinite because p gives probability to what q rules out.</summary>
internal static class Beyond
{
    private const string Formula = "Infinity: p gives probability to values that q rules out";

    /// <summary>Models on a half line or an interval, of a reference on the whole line.</summary>
    public static IEnumerable<ClosedForm> TheHalfLine<T>() where T : Univariate =>
    [
        Never<T, BetaDistribution>(), Never<T, ContinuousBernoulli>(), Never<T, Exponential>(), Never<T, Gamma>(), Never<T, Pareto>(), Never<T, Uniform>(),
        Never<T, Kumaraswamy>(), Never<T, LogitNormal>(), Never<T, Triangular>(), Never<T, VonMises>(), Never<T, LogNormal>(), Never<T, Weibull>(),
        Never<T, HalfNormal>(), Never<T, InverseGamma>(), Never<T, ChiSquared>(), Never<T, Rayleigh>(), Never<T, LogUniform>(),
    ];

    /// <summary>A pair that is always infinite.</summary>
    public static ClosedForm Never<TP, TQ>(string formula = Formula) where TP : Univariate where TQ : Univariate => new ClosedForm<TP, TQ>(formula, (_, _) => double.PositiveInfinity);
}
