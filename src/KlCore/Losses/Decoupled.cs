using System.ComponentModel.DataAnnotations;

namespace KlCore.Losses;

/// <summary>
/// alpha KL(b_p || b_q) + beta KL(p' || q') for the label y: b = (its probability, the rest), ' = given that the token is another. The gradient is
/// alpha (q_y - p_y) + 0 at y and -alpha q'_j (q_y - p_y) + beta (q'_j - p'_j) elsewhere. In nats or bits, from 0 to +Infinity. Its definition has
/// the factor T^2. Not computable where the teacher is certain of the label. Source: Zhao et al., "Decoupled Knowledge Distillation", CVPR (2022).
/// </summary>
public sealed record Decoupled : Loss
{
    /// <summary>The weight of the divergence between label and rest.</summary>
    [Range(0.0, double.MaxValue)]
    public double Alpha { get; init; } = 1;

    /// <summary>The weight of the divergence among the other tokens.</summary>
    [Range(0.0, double.MaxValue)]
    public double Beta { get; init; } = 0.5;

    /// <inheritdoc/>
    public override LossDescription Describe() => new(
        "T^2 (alpha KL(b_p || b_q) + beta KL(p' || q')), b = (p_y, 1 - p_y), p' = p without the label y, renormalised",
        "alpha (q_y - p_y) at y; beta (q'_j - p'_j) - alpha q'_j (q_y - p_y) elsewhere", "[0, Infinity]",
        "Lets what the teacher says of the other tokens count however sure it is of the label; the forward KL is alpha = 1, beta = 1 - p_y.",
        "Zhao et al., Decoupled Knowledge Distillation, CVPR (2022)")
    {
        NeedsLabels = true,
        IsSumOverVocabulary = false,
        IsScaledByTemperatureSquared = true,
        Conventions = ["mdistiller and TAID dkd with the same alpha and beta; both divide by the number of rows (batchMean)"],
    };

    internal override double Evaluate(LossRow row, Span<double> gradient)
    {
        var label = row.Label!.Value;
        int[] others = [.. Enumerable.Range(0, row.Teacher.Length).Where(token => token != label)];
        if (!others.Any(token => row.Teacher[token] > double.NegativeInfinity))
            throw new NotComputableException("teacher-certain", "decoupled: the teacher deems every token but the label impossible, so its distribution over the others is not defined.");
        // A student without any other token is infinitely far from a teacher with some, and has no distribution over them.
        if (!others.Any(token => row.Student[token] > double.NegativeInfinity)) return Alpha == 0 && Beta == 0 ? 0 : double.PositiveInfinity;
        var (pair, among) = (row.Pair, row.Among(others));
        var gap = pair.Difference[label];
        if (gradient.Length > 0)
        {
            gradient[label] = Alpha * gap;
            for (var i = 0; i < others.Length; i++) gradient[others[i]] = Beta * among.Difference[i] - Alpha * among.Q[i] * gap;
        }

        var binary = pair[label].KullbackLeibler + new TokenGroup(pair, others).Cell.KullbackLeibler;
        return (Alpha == 0 ? 0 : Alpha * binary) + (Beta == 0 ? 0 : Beta * among.Sweep.Forward);
    }
}
