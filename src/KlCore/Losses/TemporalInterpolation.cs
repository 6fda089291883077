using System.ComponentModel.DataAnnotations;
using KlCore.Divergences;

namespace KlCore.Losses;

/// <summary>
/// -sum p_t ln q with p_t = softmax of (1 - t) z + t times the teacher's logits: the student is taught by a mixture of itself and the teacher, of which
/// its own part is a constant to the gradient q_j - p_t,j. In nats or bits, from H(p_t) to +Infinity. A training raises t to 1, where this is
/// <c>soft-cross-entropy</c>. Source: Shing et al., "TAID", ICLR (2025).
/// </summary>
public sealed record TemporalInterpolation : Loss
{
    /// <summary>t, the teacher's share in the logits of p_t.</summary>
    [Range(0.0, 1.0)]
    public double T { get; init; } = 0.4;

    /// <inheritdoc/>
    public override LossDescription Describe() => new(
        "-sum p_t ln q, p_t = softmax of (1 - t) z + t teacher", "q_j - p_t,j", "[H(p_t), Infinity]",
        "A teacher that starts near the student and moves away with t; the student's own part in it has no gradient.",
        "Shing et al., TAID: Temporally Adaptive Interpolated Distillation, ICLR (2025)")
    {
        Conventions = ["SakanaAI/TAID: t starts at 0.4 and rises to 1 by its momentum of the loss's relative change"],
    };

    internal override double Evaluate(LossRow row, Span<double> gradient)
    {
        var between = new double[row.Teacher.Length];
        for (var i = 0; i < between.Length; i++)
            between[i] = (T == 1 ? 0 : (1 - T) * row.Student[i]) + (T == 0 ? 0 : T * row.Teacher[i]);
        // Each side rules out tokens; where they leave none there is no p_t.
        if (Array.TrueForAll(between, double.IsNegativeInfinity)) return double.PositiveInfinity;
        var pair = row.With(between).Pair;
        if (gradient.Length > 0) pair.Difference.CopyTo(gradient);
        return Entropies.Of(pair).CrossForward;
    }
}
