using System.Globalization;

namespace KlCore.Losses;

/// <summary>What to distil with.</summary>
public enum LossDirection
{
    /// <summary>The forward KL.</summary>
    Forward,

    /// <summary>The reverse KL.</summary>
    Reverse,

    /// <summary>A loss between the two.</summary>
    Between,

    /// <summary>It makes no difference.</summary>
    Either,
}

/// <summary>Whether to distil forward or in reverse, with the numbers that say so. It is about these positions and this state of the student; ask again as it learns.</summary>
/// <param name="Direction">The direction.</param>
/// <param name="Loss">A loss that has it, with its parameters.</param>
/// <param name="Because">The evidence, a sentence each.</param>
public sealed record LossAdvice(LossDirection Direction, Loss Loss, IReadOnlyList<string> Because)
{
    /// <summary>Gradients that agree this much lead the same way.</summary>
    private const double SameWay = 0.95;

    /// <summary>Directions whose values are within this factor measure the same thing.</summary>
    private const double SameSize = 1.25;

    /// <summary>A share this far from a half decides.</summary>
    private const double Margin = 0.05;

    /// <summary>
    /// First what is infinite cannot be minimised; then, where both directions agree, neither is better; else two signs are read, where the gap
    /// lies (in the teacher's head: forward) and of which kind it is (mass missed: forward; mass invented: reverse), and if they disagree, between.
    /// </summary>
    internal static LossAdvice From(LossGap gap, double? cosine, int positions)
    {
        if (gap.InfiniteForward > 0 || gap.InfiniteReverse > 0) return OfInfinite(gap, positions);
        if (gap.TotalVariation == 0) return new(LossDirection.Either, new ForwardKullbackLeibler(), ["teacher and student are the same at every position"]);
        var (larger, smaller) = (Math.Max(gap.Forward, gap.Reverse), Math.Min(gap.Forward, gap.Reverse));
        if (cosine >= SameWay && larger <= SameSize * smaller)
        {
            return new(LossDirection.Either, new ForwardKullbackLeibler(),
            [
                $"the gradients of both directions have a cosine of {Text(cosine.Value)}: they lead the same way",
                $"forward {Text(gap.Forward)} and reverse {Text(gap.Reverse)} are within a factor of {Text(SameSize)}, as for any two distributions that are close",
            ]);
        }

        return OfSigns(gap, cosine);
    }

    private static LossAdvice OfInfinite(LossGap gap, int positions)
    {
        string[] forward = gap.InfiniteForward == 0 ? [] : [$"the forward KL is infinite at {gap.InfiniteForward} of {positions} positions: the student cannot produce what the teacher can"];
        string[] reverse = gap.InfiniteReverse == 0 ? [] : [$"the reverse KL is infinite at {gap.InfiniteReverse} of {positions} positions: the student produces what the teacher cannot"];
        if (gap.InfiniteForward == 0) return new(LossDirection.Forward, new ForwardKullbackLeibler(), [.. reverse, "the forward KL is finite everywhere"]);
        if (gap.InfiniteReverse == 0) return new(LossDirection.Reverse, new ReverseKullbackLeibler(), [.. forward, "the reverse KL is finite everywhere"]);
        return new(LossDirection.Between, new JensenShannon(), [.. forward, .. reverse, "the Jensen-Shannon divergence is finite whatever the masks are"]);
    }

    private static LossAdvice OfSigns(LossGap gap, double? cosine)
    {
        var kinds = gap.Missed + gap.Invented;
        var missed = kinds == 0 ? 0.5 : gap.Missed / kinds;
        string[] because =
        [
            $"{Percent(gap.HeadShare)} of the gap lies in the teacher's head (its likeliest {Text(gap.HeadTokens)} tokens), {Percent(gap.TailShare)} in the tail: {Where(gap.HeadShare, "where the forward KL pulls first", "where the reverse KL pulls first")}",
            $"the student gives less than half to {Percent(gap.Missed)} of the teacher's mass, and {Percent(gap.Invented)} of its own mass lies where the teacher gives less than half: {Where(missed, "it misses more than it invents, which the forward KL punishes", "it invents more than it misses, which the reverse KL punishes")}",
            $"forward {Text(gap.Forward)}, reverse {Text(gap.Reverse)}{(cosine is { } c ? $"; the cosine of their gradients is {Text(c)}" : "")}",
            $"entropy of the teacher {Text(gap.EntropyTeacher)}, of the student {Text(gap.EntropyStudent)}: the student is {(gap.EntropyStudent > gap.EntropyTeacher ? "broader" : "narrower")}",
        ];
        var signs = Sign(gap.HeadShare) + Sign(missed);
        return signs switch
        {
            > 0 => new(LossDirection.Forward, new ForwardKullbackLeibler(), because),
            < 0 => new(LossDirection.Reverse, new ReverseKullbackLeibler(), because),
            _ => new(LossDirection.Between, new Adaptive(), because),
        };
    }

    private static int Sign(double share) => share > 0.5 + Margin ? 1 : share < 0.5 - Margin ? -1 : 0;

    private static string Where(double share, string forward, string reverse) => Sign(share) switch
    {
        > 0 => forward,
        < 0 => reverse,
        _ => "which decides nothing",
    };

    private static string Text(double value) => value.ToString("G3", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
