namespace KlCore.Losses;

/// <summary>
/// KL(p || q) = sum p ln(p/q), with gradient q_j - p_j. In nats or bits, from 0 to +Infinity; infinite where q is 0 and p is not. The student is
/// made to cover all that the teacher does. Source: Hinton, Vinyals, Dean, "Distilling the Knowledge in a Neural Network" (2015).
/// </summary>
public sealed record ForwardKullbackLeibler : Loss
{
    /// <inheritdoc/>
    public override LossDescription Describe() => new(
        "KL(p || q) = sum p ln(p/q)", "q_j - p_j", "[0, Infinity]",
        "Covers modes: the student pays wherever it gives too little to what the teacher does. Infinite where q is 0 and p is not.",
        "Hinton, Vinyals, Dean, Distilling the Knowledge in a Neural Network (2015)")
    {
        Conventions =
        [
            "torch: F.kl_div(input=log q, target=p), whose arguments are in the reverse of the order in which the KL is written",
            "TRL GKD with beta = 0; Hugging Face calls it forward as well",
            "not DistiLLM's, torchtune's or TAID's forward KL: those lack the term -H(p) and are soft-cross-entropy (the gradient is the same)",
            "with scaleByTemperatureSquared: Hinton's distillation loss",
        ],
    };

    internal override double Evaluate(LossRow row, Span<double> gradient)
    {
        if (gradient.Length > 0) row.Pair.Difference.CopyTo(gradient);
        return row.Pair.Sweep.Forward;
    }
}
