using System.ComponentModel.DataAnnotations;

namespace KlCore.Losses;

/// <summary>
/// (1 - lambda) (-sum p ln q) + lambda KL(q || p), a cross-entropy mixed with a reverse KL; the gradient mixes theirs alike. In nats or bits, from
/// (1 - lambda) H(p) to +Infinity, so it is not 0 for a perfect student and does not compare with <c>jeffreys</c>. Source: Ko et al., "DistiLLM", ICML (2024), code.
/// </summary>
public sealed record DistillmSymmetric : Loss
{
    /// <summary>The weight of the reverse KL.</summary>
    [Range(0.0, 1.0)]
    public double Lambda { get; init; } = 0.9;

    /// <inheritdoc/>
    public override LossDescription Describe() => new(
        "(1 - lambda) (-sum p ln q) + lambda KL(q || p)", "(1 - lambda) (q_j - p_j) + lambda q_j (ln(q_j/p_j) - KL(q || p))", "[(1 - lambda) H(p), Infinity]",
        "What DistiLLM's code calls symmetric KL: it mixes a cross-entropy with a KL, so its value does not compare with any divergence.",
        "Ko et al., DistiLLM, ICML (2024), distillm/losses.py")
    {
        Conventions = ["DistiLLM symmetric_kl with lam = lambda"],
    };

    internal override double Evaluate(LossRow row, Span<double> gradient)
    {
        var reverse = new ReverseKullbackLeibler().Evaluate(row, gradient);
        for (var i = 0; i < gradient.Length; i++) gradient[i] = (1 - Lambda) * row.Pair.Difference[i] + (Lambda == 0 ? 0 : Lambda * gradient[i]);
        var crossEntropy = Lambda == 1 ? 0 : (1 - Lambda) * new SoftCrossEntropy().Evaluate(row, []);
        return crossEntropy + (Lambda == 0 ? 0 : Lambda * reverse);
    }
}
