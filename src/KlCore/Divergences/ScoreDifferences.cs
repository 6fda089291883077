using KlCore.Numerics;

namespace KlCore.Divergences;

/// <summary>
/// Probabilities and differences of two distributions given as logits a and b (over the temperature). Both are seen from the category
/// k that is heaviest under p, so that with d = (b - b_k) - (a - a_k), taken exactly, and weights w = exp(a - a_k), v = exp(b - b_k):
/// e = v - w = w expm1(d), which keeps every digit however close a and b are, and q - p = (e W - w E) / (V W) as for weights.
/// </summary>
internal static class ScoreDifferences
{
    /// <summary>
    /// How much heavier another category may be under q before q is seen from there instead. Then p and q differ by so much that
    /// nothing cancels any more, and exp(b - b_k) might overflow.
    /// </summary>
    private const double SameOrigin = 1;

    /// <summary>Fills the three arrays; returns the logarithms of those too small for a double, or null if none is.</summary>
    public static Extremes? Fill(MassFunction p, MassFunction q, double[] masses, double[] otherMasses, double[] difference)
    {
        Extremes? extremes = null;
        var origin = Origin(p, q);
        var growth = DoubleDouble.Zero;
        for (var i = 0; i < difference.Length; i++)
        {
            difference[i] = Step(p, q, i, origin);
            growth += difference[i];
        }

        var total = p.Total;
        var other = total + growth;
        for (var i = 0; i < difference.Length; i++)
        {
            masses[i] = p.Weights[i] / total.Hi;
            otherMasses[i] = q.Weights[i] / q.Total.Hi;
            if (masses[i] < Cell.Tiny || otherMasses[i] < Cell.Tiny) Extremes.Note(ref extremes, p, q, i);
            difference[i] = (DoubleDouble.Product(difference[i], total.Hi) - p.Weights[i] * growth).Hi / (total.Hi * other.Hi);
        }

        return extremes;
    }

    private static double Origin(MassFunction p, MassFunction q)
    {
        var (there, largest) = (q.Scores![p.Heaviest], q.Scores[q.Heaviest]);
        return (largest - there) / q.How.Temperature <= SameOrigin ? there : largest;
    }

    /// <summary>d: how much more the category counts under q than under p. NaN where it is impossible under both.</summary>
    private static double Gap(MassFunction p, MassFunction q, int index, double origin)
    {
        var (a, b) = (p.Score(index), MassFunction.ScoreFrom(q.Scores!, index, origin, q.How.Temperature));
        return double.IsFinite(a.Hi) && double.IsFinite(b.Hi) && double.IsFinite(b.Hi - a.Hi) ? (b - a).Value : b.Hi - a.Hi;
    }

    private static double Step(MassFunction p, MassFunction q, int index, double origin)
    {
        var gap = Gap(p, q, index, origin);
        if (Math.Abs(gap) < 0.5) return p.Weights[index] * Elementary.Expm1(gap);
        var score = MassFunction.ScoreFrom(q.Scores!, index, origin, q.How.Temperature);
        return (score.Hi < -800 ? 0 : Math.Exp(score.Hi) * (1 + score.Lo)) - p.Weights[index];
    }
}
