namespace KlCore.Losses;

/// <summary>
/// 1/2 sum |p - q|; with g = 1/2 sign(q - p) the gradient is q_j (g_j - sum q g), where sign(0) = 0. Without unit, from 0 to 1; not
/// differentiable where some p_j = q_j. Source: Wen et al., "f-Divergence Minimization for Sequence-Level Knowledge Distillation", ACL (2023).
/// </summary>
public sealed record TotalVariation : Loss
{
    /// <inheritdoc/>
    public override LossDescription Describe() => new(
        "1/2 sum |p - q|", "q_j (g_j - sum q g), g = 1/2 sign(q - p)", "[0, 1]",
        "Bounded and symmetric; blind to how much too small a small probability is.",
        "Wen et al., f-Divergence Minimization for Sequence-Level Knowledge Distillation, ACL (2023)")
    {
        FollowsUnit = false,
        Conventions = ["DistiLLM tv_distance, TAID tvd"],
    };

    internal override double Evaluate(LossRow row, Span<double> gradient)
    {
        var pair = row.Pair;
        for (var i = 0; i < gradient.Length; i++) gradient[i] = 0.5 * Math.Sign(pair.Difference[i]);
        ThroughSoftmax(pair.Q, gradient);
        return pair.Sweep.Absolute / 2;
    }
}
