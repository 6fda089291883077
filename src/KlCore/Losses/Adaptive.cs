using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Losses;

/// <summary>
/// w_h KL(p || q) + w_t KL(q || p): the forward KL by the share w_h of the gap sum |p - q| that lies in the teacher's head, the reverse by the
/// rest. The head is the teacher's likeliest tokens while their probabilities sum to at most mu, and always the first. The weights
/// have no gradient. In nats or bits, from 0 to +Infinity. Source: Wu et al., "Rethinking Kullback-Leibler Divergence in Knowledge Distillation
/// for Large Language Models", COLING (2025).
/// </summary>
public sealed record Adaptive : Loss
{
    /// <summary>How much probability of the teacher the head holds at most.</summary>
    [Range(0.0, 1.0)]
    public double Mu { get; init; } = 0.5;

    /// <inheritdoc/>
    public override LossDescription Describe() => new(
        "w_h KL(p || q) + w_t KL(q || p), w_h = sum_head |p - q| / sum |p - q|, w_t = 1 - w_h", "w_h (q_j - p_j) + w_t q_j (ln(q_j/p_j) - KL(q || p))", "[0, Infinity]",
        "Forward where the student misses the teacher's head, reverse where it misses the tail. The weights are constants to the gradient.",
        "Wu et al., Rethinking Kullback-Leibler Divergence in Knowledge Distillation for Large Language Models, COLING (2025)")
    {
        Conventions =
        [
            "wutaiqiang/LLM_KD_AKL",
            "not TAID's adaptive_kl, which applies the head's mask in sorted order to gaps in the order of the vocabulary",
        ],
    };

    /// <summary>The teacher's likeliest tokens while their probabilities sum to at most mu, and always the first.</summary>
    internal static ReadOnlySpan<int> Head(LossRow row, double mu)
    {
        var cumulative = new CompensatedSum();
        var order = row.Descending;
        // The sum of everything may round to more than 1.
        if (mu >= 1) return order;
        for (var i = 0; i < order.Length; i++)
        {
            cumulative.Add(row.Pair.P[order[i]]);
            if (i > 0 && cumulative.Value > mu) return order.AsSpan(0, i);
        }

        return order;
    }

    /// <summary>w_h: the share of sum |p - q| that lies in the teacher's head; 1 where p and q are the same.</summary>
    internal double HeadShare(LossRow row)
    {
        var head = new CompensatedSum();
        foreach (var token in Head(row, Mu)) head.Add(Math.Abs(row.Pair.Difference[token]));
        var all = row.Pair.Sweep.Absolute;
        return all == 0 ? 1 : Math.Min(1, head.Value / all);
    }

    internal override double Evaluate(LossRow row, Span<double> gradient)
    {
        var head = HeadShare(row);
        var tail = 1 - head;
        var reverse = new ReverseKullbackLeibler().Evaluate(row, gradient);
        for (var i = 0; i < gradient.Length; i++) gradient[i] = head * row.Pair.Difference[i] + (tail == 0 ? 0 : tail * gradient[i]);
        // A direction of weight 0 does not count, even where it is infinite.
        return (head == 0 ? 0 : head * row.Pair.Sweep.Forward) + (tail == 0 ? 0 : tail * reverse);
    }
}
