using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Losses;

/// <summary>What becomes of the tokens that are not among the teacher's k likeliest.</summary>
public enum Tail
{
    /// <summary>They are left out: sum over the k of p ln(p/q), which is no divergence and may be negative.</summary>
    None,

    /// <summary>Both sides are divided by what they have on the k.</summary>
    Renormalise,

    /// <summary>They count as one token.</summary>
    Bucket,
}

/// <summary>
/// The forward KL over the teacher's k likeliest tokens T (of equal ones the first), whose probabilities sum to P and Q, and what is left to
/// R = 1 - P and S = 1 - Q. <c>none</c>: sum_T p ln(p/q), gradient P q_j - p_j 1[j in T]; <c>renormalise</c>: KL(p/P || q/Q), gradient q_j/Q - p_j/P on T;
/// <c>bucket</c>: sum_T p ln(p/q) + R ln(R/S), gradient q_j - p_j on T and q_j (1 - R/S) elsewhere. With k of at least the vocabulary each is KL(p || q).
/// </summary>
public sealed record TopK : Loss
{
    /// <summary>How many of the teacher's tokens count each by itself.</summary>
    [Range(1, int.MaxValue)]
    public required int K { get; init; }

    /// <summary>What becomes of the others; left out unless stated, as verl does.</summary>
    public Tail Tail { get; init; } = Tail.None;

    /// <inheritdoc/>
    public override LossDescription Describe() => new(
        "none: sum_T p ln(p/q); renormalise: KL(p/P || q/Q) on T; bucket: sum_T p ln(p/q) + R ln(R/S), R = 1 - P, S = 1 - Q",
        "none: P q_j - 1[j in T] p_j; renormalise: q_j/Q - p_j/P on T, 0 elsewhere; bucket: q_j - p_j on T, q_j (1 - R/S) elsewhere", "none: (-Infinity, Infinity]; otherwise [0, Infinity]",
        "The forward KL for teachers of which only the likeliest tokens are kept. Without a tail it is no divergence and may be negative; renormalised it is blind to the tail's mass; with a bucket its gradient on T is that of the full KL.",
        "Peng et al., Pre-training Distillation for Large Language Models (2024)")
    {
        Conventions =
        [
            "none: verl forward_kl_topk, which besides clamps ln p and ln q at -10 and the loss at 0 (and so loses the gradient there); here nothing is clamped",
            "renormalise: TRL with add_tail=False, mlx-lm DWQ",
            "bucket: TRL _add_tail_bucket, which keeps the tail at 1e-7 at least; slime",
        ],
    };

    internal override double Evaluate(LossRow row, Span<double> gradient)
    {
        var kept = row.Descending.AsSpan(0, Math.Min(K, row.Descending.Length)).ToArray();
        if (kept.Length == row.Teacher.Length) return new ForwardKullbackLeibler().Evaluate(row, gradient);
        return Tail == Tail.Renormalise ? Renormalised(row, kept, gradient) : Truncated(row, kept, gradient);
    }

    private static double Renormalised(LossRow row, int[] kept, Span<double> gradient)
    {
        gradient.Clear();
        // A student that gives nothing to any of the tokens cannot be divided by what it gives.
        if (Array.TrueForAll(kept, token => double.IsNegativeInfinity(row.Student[token]))) return double.PositiveInfinity;
        var among = row.Among(kept);
        if (gradient.Length > 0)
            for (var i = 0; i < kept.Length; i++) gradient[kept[i]] = among.Difference[i];
        return among.Sweep.Forward;
    }

    private double Truncated(LossRow row, int[] kept, Span<double> gradient)
    {
        var pair = row.Pair;
        var inside = new bool[row.Teacher.Length];
        foreach (var token in kept) inside[token] = true;
        // What is left is summed over the others themselves: 1 less the sum over the k would leave rounding of 1e-16, and with it infinities.
        var rest = new TokenGroup(pair, [.. Enumerable.Range(0, inside.Length).Where(token => !inside[token])]);
        var (divergence, mass) = (new CompensatedSum(), new CompensatedSum());
        foreach (var token in kept)
        {
            divergence.Add(pair[token].KullbackLeibler);
            mass.Add(pair.P[token]);
        }

        for (var i = 0; i < gradient.Length; i++)
        {
            if (Tail == Tail.None) gradient[i] = inside[i] ? pair.Difference[i] - rest.Cell.P * pair.Q[i] : mass.Value * pair.Q[i];
            else gradient[i] = inside[i] ? pair.Difference[i] : rest.ShareOfStudent(i) * rest.Cell.Difference;
        }

        // The terms p ln(p/q) - p + q have -p + q in excess, which over the k sums to the opposite of the rest's.
        return Tail == Tail.None ? divergence.Value + rest.Cell.Difference : divergence.Value + rest.Cell.KullbackLeibler;
    }
}
