namespace KlCore.Distributions.ClosedForms;

/// <summary>Forms between distributions of integers, of which some need no more than where the probabilities are.</summary>
internal static class SupportForms
{
    private const string Infinite = "Infinity: p has no largest value, q has";

    public static IEnumerable<ClosedForm> All =>
    [
        .. Of<Geometric>(), .. Of<NegativeBinomial>(), .. Of<Poisson>(), .. Of<Zeta>(), .. Of<Logarithmic>(),
    ];

    /// <summary>
    /// A form that is asked only where both have several values and p's are among q's: KL is infinite if they are not, and -ln q(x) if x is the only
    /// value of p.
    /// </summary>
    public static ClosedForm<TP, TQ> Form<TP, TQ>(string formula, Func<TP, TQ, double?> divergence)
        where TP : Discrete
        where TQ : Discrete =>
        new(formula, (p, q) =>
        {
            var ((lower, upper), (least, largest)) = (p.Support(), q.Support());
            // 0 - x, for there is no divergence of -0.
            if (lower == upper) return 0 - q.LogDensity(lower);
            return lower < least || upper > largest ? double.PositiveInfinity : divergence(p, q);
        });

    private static IEnumerable<ClosedForm> Of<TP>()
        where TP : Discrete =>
    [
        Endless<TP, Bernoulli>(), Endless<TP, Binomial>(), Endless<TP, Categorical>(), Endless<TP, DiscreteUniform>(), Endless<TP, BetaBinomial>(),
        Endless<TP, Hypergeometric>(),
    ];

    private static ClosedForm<TP, TQ> Endless<TP, TQ>()
        where TP : Discrete
        where TQ : Discrete => Form<TP, TQ>(Infinite, (_, _) => null);
}
