namespace KlCore.Distributions.ClosedForms;

/// <summary>
/// What is known by formula of an ordered pair of families. A formula may hold for some parameters only: it then answers null for the
/// others, and <see cref="Condition"/> says when it holds. Infinite values are written down like any other.
/// </summary>
/// <param name="P">The family of the reference.</param>
/// <param name="Q">The family of the model.</param>
/// <param name="Formula">KL(p || q) in ASCII, p's parameters without and q's with a prime: "ln(scale'/scale) + ...".</param>
public abstract record ClosedForm(Type P, Type Q, string Formula)
{
    /// <summary>For which parameters the formula holds, in words; null if for all.</summary>
    public string? Condition { get; init; }

    /// <summary>KL(p || q) in nats: at least 0, possibly infinite; null where the formula does not hold.</summary>
    internal abstract double? KullbackLeibler(Distribution p, Distribution q);

    /// <summary>ln of the integral of p^a q^(1-a), at most 0 for a between 0 and 1; null where there is no formula.</summary>
    internal abstract double? LogChernoff(Distribution p, Distribution q, double a);

    /// <summary>The Wasserstein distance W_k; null where there is no formula.</summary>
    internal abstract double? Wasserstein(Distribution p, Distribution q, int order);
}

/// <summary>A closed form of two known families.</summary>
/// <typeparam name="TP">The family of the reference.</typeparam>
/// <typeparam name="TQ">The family of the model.</typeparam>
/// <param name="Formula">As in the base.</param>
/// <param name="Divergence">KL(p || q) in nats from sums of non-negative terms, or null where the formula does not hold.</param>
internal sealed record ClosedForm<TP, TQ>(string Formula, Func<TP, TQ, double?> Divergence) : ClosedForm(typeof(TP), typeof(TQ), Formula)
    where TP : Distribution
    where TQ : Distribution
{
    /// <summary>ln of the integral of p^a q^(1-a), if there is a formula.</summary>
    public Func<TP, TQ, double, double?>? Chernoff { get; init; }

    /// <summary>W_k, if there is a formula.</summary>
    public Func<TP, TQ, int, double?>? Transport { get; init; }

    internal override double? KullbackLeibler(Distribution p, Distribution q) => Divergence((TP)p, (TQ)q);

    internal override double? LogChernoff(Distribution p, Distribution q, double a) => Chernoff?.Invoke((TP)p, (TQ)q, a);

    internal override double? Wasserstein(Distribution p, Distribution q, int order) => Transport?.Invoke((TP)p, (TQ)q, order);
}
