namespace KlCore.Losses;

/// <summary>
/// KL(p || q) + KL(q || p) = sum (p - q) ln(p/q), not halved; the gradient is the sum of both. In nats or bits, from 0 to +Infinity; infinite
/// where one of p and q is 0 and the other is not. Source: H. Jeffreys, Proceedings of the Royal Society A 186 (1946).
/// </summary>
public sealed record Jeffreys : Loss
{
    /// <inheritdoc/>
    public override LossDescription Describe() => new(
        "KL(p || q) + KL(q || p)", "q_j - p_j + q_j (ln(q_j/p_j) - KL(q || p))", "[0, Infinity]",
        "Both directions with equal weight, not halved. Infinite where one of p and q is 0 and the other is not.",
        "Jeffreys, Proceedings of the Royal Society A 186 (1946)")
    {
        Conventions = ["not DistiLLM's symmetric KL, which weighs a cross-entropy (0.1) and a reverse KL (0.9)"],
    };

    internal override double Evaluate(LossRow row, Span<double> gradient)
    {
        var reverse = new ReverseKullbackLeibler().Evaluate(row, gradient);
        for (var i = 0; i < gradient.Length; i++) gradient[i] += row.Pair.Difference[i];
        return row.Pair.Sweep.Forward + reverse;
    }
}
