namespace KlCore.Losses;

/// <summary>
/// KL(q || p) = sum q ln(q/p), with gradient q_j (ln(q_j/p_j) - KL(q || p)). In nats or bits, from 0 to +Infinity; infinite where p is 0 and q is
/// not. The student is made to do nothing that the teacher does not. Source: Gu, Dong, Wei, Huang, "MiniLLM", ICLR (2024).
/// </summary>
public sealed record ReverseKullbackLeibler : Loss
{
    /// <inheritdoc/>
    public override LossDescription Describe() => new(
        "KL(q || p) = sum q ln(q/p)", "q_j (ln(q_j/p_j) - KL(q || p))", "[0, Infinity]",
        "Seeks modes: the student pays wherever it gives much to what the teacher deems unlikely. Infinite where p is 0 and q is not.",
        "Gu, Dong, Wei, Huang, MiniLLM, ICLR (2024)")
    {
        Conventions =
        [
            "torch: F.kl_div(input=log p, target=q)",
            "TRL GKD with beta = 1; DistiLLM reverse_kl; MiniLLM's single-step term",
        ],
    };

    internal override double Evaluate(LossRow row, Span<double> gradient)
    {
        var pair = row.Pair;
        for (var i = 0; i < gradient.Length; i++) gradient[i] = pair.Q[i] == 0 ? 0 : pair[i].Reversed.LogRatio;
        ThroughSoftmax(pair.Q, gradient);
        return pair.Sweep.Reverse;
    }
}
