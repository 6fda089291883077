using System.ComponentModel.DataAnnotations;

namespace KlCore.Losses;

/// <summary>
/// KL(p || m) with m = lambda p + (1 - lambda) q; with g = -(1 - lambda) p/m the gradient is q_j (g_j - sum q g). In nats or bits, from 0 to
/// -ln lambda; lambda = 0 is the forward KL. Source: Ko et al., "DistiLLM", ICML (2024).
/// </summary>
public sealed record SkewForward : Loss
{
    /// <summary>The share of the teacher in the mixture.</summary>
    [Range(0.0, 1.0)]
    public double Lambda { get; init; } = 0.1;

    /// <inheritdoc/>
    public override LossDescription Describe() => new(
        "KL(p || lambda p + (1 - lambda) q)", "q_j (g_j - sum q g), g = -(1 - lambda) p/m", "[0, -ln lambda]",
        "The forward KL with its peaks cut: finite for lambda > 0 even where q is 0.",
        "Ko et al., DistiLLM, ICML (2024)")
    {
        Conventions = ["DistiLLM skewed_forward_kl with lam = lambda returns -sum p ln m, which is this plus H(p); the gradient is the same"],
    };

    internal override double Evaluate(LossRow row, Span<double> gradient)
    {
        var pair = row.Pair;
        // g + (1 - lambda) = (1 - lambda)^2 (q - p)/m has the same gradient and does not cancel where p and q are close.
        for (var i = 0; i < gradient.Length; i++)
        {
            var (p, q, difference) = (pair.P[i], pair.Q[i], pair.Difference[i]);
            gradient[i] = q < LossRow.Negligible || Lambda == 1 ? 0 : (1 - Lambda) * (1 - Lambda) * difference / (Lambda * p + (1 - Lambda) * q);
        }

        ThroughSoftmax(pair.Q, gradient);
        // Where q is too small for a double the quotient above was left out; at lambda = 0 its share -p is not small.
        if (Lambda == 0 && gradient.Length > 0) pair.Difference.CopyTo(gradient);
        return Math.Max(0, Divergences.Skew.Sum(pair, Lambda));
    }
}
