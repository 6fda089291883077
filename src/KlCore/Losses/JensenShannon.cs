using System.ComponentModel.DataAnnotations;

namespace KlCore.Losses;

/// <summary>
/// beta KL(p || m) + (1 - beta) KL(q || m) with m = beta p + (1 - beta) q, and gradient (1 - beta) q_j (ln(q_j/m_j) - KL(q || m)). In nats or bits,
/// from 0 to at most ln 2; always finite. It is 0 for beta = 0 and 1, as the formula says; divided by beta it tends to KL(p || q) for beta to 0.
/// Source: Agarwal et al., "On-Policy Distillation of Language Models", ICLR (2024), where it is the generalised JSD.
/// </summary>
public sealed record JensenShannon : Loss
{
    /// <summary>beta, the share of the teacher in the mixture.</summary>
    [Range(0.0, 1.0)]
    public double Beta { get; init; } = 0.5;

    /// <inheritdoc/>
    public override LossDescription Describe() => new(
        "beta KL(p || m) + (1 - beta) KL(q || m), m = beta p + (1 - beta) q", "(1 - beta) q_j (ln(q_j/m_j) - KL(q || m))", "[0, ln 2]",
        "Between both directions and always finite. Small beta behaves as beta times the forward KL, beta near 1 as 1 - beta times the reverse.",
        "Agarwal et al., On-Policy Distillation of Language Models, ICLR (2024)")
    {
        Conventions =
        [
            "TRL generalized_jsd_loss and Liger JSD with the same beta, for beta between 0 and 1",
            "TRL and Liger answer the forward KL at beta = 0 and the reverse KL at beta = 1 instead of the formula's 0: a jump by a factor 1/beta when beta is swept",
            "DistiLLM js_distance with lam is this with beta = 1 - lam",
        ],
    };

    internal override IEnumerable<string> Cautions()
    {
        if (Beta is 0 or 1)
            yield return $"beta = {Beta:R} makes the formula 0 everywhere; TRL and Liger answer the {(Beta == 0 ? "forward" : "reverse")} KL there, a discontinuity: use {(Beta == 0 ? "forward-kl" : "reverse-kl")} for it";
    }

    internal override double Evaluate(LossRow row, Span<double> gradient)
    {
        var pair = row.Pair;
        for (var i = 0; i < gradient.Length && Beta < 1; i++) gradient[i] = (1 - Beta) * LossRow.LogTowardsMixture(pair[i], Beta);
        if (Beta == 1) gradient.Clear();
        ThroughSoftmax(pair.Q, gradient);
        return Math.Max(0, Divergences.JensenShannon.Sum(pair, Beta));
    }
}
