using KlCore.Numerics;

namespace KlCore.Estimation.Distances;

/// <summary>
/// sqrt(2 E|X-Y| - E|X-X'| - E|Y-Y'|) with the means over all pairs of points, each with itself too: the distance of the empirical distributions
/// (a V-statistic), which is never negative; on a line sqrt(2 integral (F - G)^2 dx), as SciPy has it. In units of the square root of the coordinates.
/// The details have the square without the pairs of a point with itself (a U-statistic), which is right on average and may be negative.
/// Source: G. Székely and M. Rizzo, Journal of Statistical Planning and Inference 143 (2013).
/// </summary>
public sealed record EnergyDistance : Estimator
{
    /// <inheritdoc/>
    public override EstimatorDescription Describe() => new(
        "sqrt(2 E|X-Y| - E|X-X'| - E|Y-Y'|)", "the same of the empirical distributions; on a line sqrt(2 integral (F_n - G_m)^2 dx)",
        "Never negative; its square is too large by E|X-X'|/n + E|Y-Y'|/m, which unbiasedSquare leaves out. The bootstrap is wrong for equal distributions; parts of the sample are used.",
        "Szekely and Rizzo, Journal of Statistical Planning and Inference 143 (2013)")
    {
        IsNeverNegative = true,
    };

    internal override PooledStatistic Prepare(PooledSample sample, CancellationToken cancellation) => sample.Dimension == 1
        ? new RankStatistic(sample, OnLine) { Told = static counts => Tell(Square(counts), 2 * Spread(counts, counts.X), 2 * Spread(counts, counts.Y), counts.CountX, counts.CountY) }
        : InSpace(sample, cancellation);

    internal override double Work(int x, int y, int dimension) => dimension == 1 ? 20.0 * (x + y) : PairSums.Work(x + y, dimension + 10.0);

    internal override double RepeatedWork(int x, int y, int dimension) => dimension > 1 && x + y <= PairStatistic.MostKept ? PairSums.Work(x + y, 1) : Work(x, y, dimension);

    internal override int LeastPoints(int dimension) => 1;

    private static PairStatistic InSpace(PooledSample sample, CancellationToken cancellation)
    {
        var exponent = DistanceRows.UnitOf(sample.Coordinates);
        return new(sample, exponent, new PointDistance(), cancellation)
        {
            Value = (sums, n, m) => Math.ScaleB(Math.Sqrt(Square(sums, n, m)), exponent / 2),
            Told = (sums, n, m) => Tell(Unit(Square(sums, n, m)), Unit(sums.X / n / n), Unit(sums.Y / m / m), n, m),
        };

        double Unit(double value) => Math.ScaleB(value, exponent);
    }

    private static double OnLine(RankCounts counts) => Math.Sqrt(Square(counts));

    /// <summary>2 integral (F - G)^2.</summary>
    private static double Square(RankCounts counts)
    {
        var all = (double)counts.CountX * counts.CountY;
        var sum = new CompensatedSum();
        long difference = 0;
        for (var k = 0; k + 1 < counts.Values.Length; k++)
        {
            difference += counts.Step(k);
            if (difference != 0) sum.Add(difference / all * (difference / all) * (counts.Values[k + 1] - counts.Values[k]));
        }

        return 2 * sum.Value * counts.Unit;
    }

    /// <summary>integral F (1 - F), half the mean distance of two points that may be the same.</summary>
    private static double Spread(RankCounts counts, int[] sample)
    {
        var all = (double)sample.Sum(count => (long)count);
        var sum = new CompensatedSum();
        long below = 0;
        for (var k = 0; k + 1 < counts.Values.Length; k++)
        {
            below += sample[k];
            sum.Add(below / all * ((all - below) / all) * (counts.Values[k + 1] - counts.Values[k]));
        }

        return sum.Value * counts.Unit;
    }

    private static double Square(PairSums sums, int n, int m) => Math.Max(0, 2 * sums.Between / n / m - sums.X / n / n - sums.Y / m / m);

    private static Dictionary<string, double> Tell(double square, double withinX, double withinY, int n, int m) =>
        n < 2 || m < 2 ? [] : new() { ["unbiasedSquare"] = square - withinX / (n - 1) - withinY / (m - 1) };
}
