using System.ComponentModel.DataAnnotations;
using KlCore.Divergences;

namespace KlCore.Losses;

/// <summary>
/// KL(q || m) with m = (1 - lambda) p + lambda q; with g = ln(q/m) + 1 - lambda q/m the gradient is q_j (g_j - sum q g). In nats or bits, from 0 to
/// -ln lambda; lambda = 0 is the reverse KL. Source: Ko et al., "DistiLLM", ICML (2024).
/// </summary>
public sealed record SkewReverse : Loss
{
    /// <summary>The share of the student in the mixture.</summary>
    [Range(0.0, 1.0)]
    public double Lambda { get; init; } = 0.1;

    /// <inheritdoc/>
    public override LossDescription Describe() => new(
        "KL(q || (1 - lambda) p + lambda q)", "q_j (g_j - sum q g), g = ln(q/m) + 1 - lambda q/m", "[0, -ln lambda]",
        "The reverse KL with its peaks cut: finite for lambda > 0 even where p is 0.",
        "Ko et al., DistiLLM, ICML (2024)")
    {
        Conventions = ["DistiLLM skewed_reverse_kl with lam = lambda"],
    };

    internal override double Evaluate(LossRow row, Span<double> gradient)
    {
        if (Lambda == 0) return new ReverseKullbackLeibler().Evaluate(row, gradient);
        var pair = row.Pair;
        // 1 - lambda q/m = (1 - lambda) - (1 - lambda) lambda (q - p)/m, of which the constant has no gradient.
        for (var i = 0; i < gradient.Length; i++)
        {
            var cell = pair[i];
            var mixture = (1 - Lambda) * cell.P + Lambda * cell.Q;
            gradient[i] = cell.Q < LossRow.Negligible ? 0 : LossRow.LogTowardsMixture(cell, 1 - Lambda) - (1 - Lambda) * Lambda * cell.Difference / mixture;
        }

        ThroughSoftmax(pair.Q, gradient);
        return Lambda == 1 ? 0 : Math.Max(0, Sums.Of(pair, new Term(Lambda)));
    }

    private readonly struct Term(double lambda) : ITerm
    {
        public double Of(in Cell cell) => cell.Reversed.TowardsMixture(lambda, 1 - lambda);
    }
}
