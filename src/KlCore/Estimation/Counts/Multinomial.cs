using KlCore.Numerics;

namespace KlCore.Estimation.Counts;

/// <summary>Samples of as many observations as there are counts, with their relative frequencies as probabilities.</summary>
internal static class Multinomial
{
    /// <summary>New counts, category by category: each is binomial given those before it.</summary>
    public static double[] Draw(CountTable counts, RandomStream random)
    {
        var drawn = new double[counts.Counts.Length];
        var (left, rest) = (counts.Total, counts.Total);
        for (var i = 0; i < drawn.Length && left > 0; i++)
        {
            var count = counts.Counts[i];
            if (count == 0) continue;
            drawn[i] = BinomialDraw.Of(left, count / rest, random);
            (left, rest) = (left - drawn[i], rest - count);
        }

        return drawn;
    }
}
