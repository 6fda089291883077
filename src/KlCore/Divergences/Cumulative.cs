using KlCore.Numerics;
using KlCore.Transport;

namespace KlCore.Divergences;

/// <summary>
/// The difference G - F of the cumulative distributions of q and p along a line. Partial sums of weights and of their differences are
/// kept to 32 digits, because the cumulative differences cancel where the single ones do not. Clipped probabilities are divided by their
/// sums here: mass that is not there cannot be moved.
/// </summary>
internal sealed class Cumulative
{
    private Cumulative(double[] coordinates, double[] difference, int exponent) => (Coordinates, Difference, Exponent) = (coordinates, difference, exponent);

    /// <summary>The distinct coordinates, ascending, in units of two to the power of <see cref="Exponent"/>.</summary>
    public double[] Coordinates { get; }

    /// <summary>Of the unit of the coordinates; even.</summary>
    public int Exponent { get; }

    /// <summary>G - F from each coordinate up to the next.</summary>
    public double[] Difference { get; }

    /// <summary>The cumulative differences along the one coordinate that each category has.</summary>
    public static Cumulative Of(Pair pair)
    {
        var (points, exponent) = ScaledPoints.Of(pair.Positions);
        var order = Enumerable.Range(0, pair.Count).OrderBy(i => points[i][0]).ToArray();
        var sums = pair.First.Scores is not null && pair.Second.Scores is not null ? OfDifferences(pair, order) : OfWeights(pair, order);
        var last = Enumerable.Range(0, order.Length).Where(k => k + 1 == order.Length || points[order[k]][0] < points[order[k + 1]][0]).ToArray();
        return new([.. last.Select(k => points[order[k]][0])], [.. last.Select(k => sums[k])], exponent);
    }

    private static double[] OfDifferences(Pair pair, int[] order)
    {
        var sums = new double[order.Length];
        var sum = DoubleDouble.Zero;
        for (var k = 0; k < order.Length; k++) sums[k] = (sum += pair.Difference[order[k]]).Hi;
        return sums;
    }

    private static double[] OfWeights(Pair pair, int[] order)
    {
        var (p, q) = (pair.First, pair.Second);
        var growth = WeightDifferences.Growth(p, q);
        DoubleDouble steps = 0, weights = 0;
        var sums = new double[order.Length];
        for (var k = 0; k < order.Length; k++)
        {
            steps += WeightDifferences.Step(p, q, order[k]);
            weights += WeightDifferences.At(p, order[k]);
            sums[k] = (steps * p.Total - weights * growth).Hi / (p.Total.Hi * q.Total.Hi);
        }

        return sums;
    }
}
