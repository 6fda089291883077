namespace KlCore.Estimation.Distances;

/// <summary>
/// max |F(x) - G(x)| of the empirical distributions of two samples on a line, from 0 to 1. The p-value is exact, given which points are tied,
/// as long as (n + 1)(m + 1) is at most <see cref="SmirnovTest.MostCells"/>.
/// Source: N. Smirnov, Bulletin Moscow University 2 (1939); J. Hodges, Arkiv för Matematik 3 (1958) on the exact distribution.
/// </summary>
public sealed record KolmogorovSmirnov : Estimator
{
    /// <inheritdoc/>
    public override EstimatorDescription Describe() => new(
        "max |F(x) - G(x)|", "max |F_n(x) - G_m(x)| of the empirical distributions",
        "Sees every difference, best in the middle; too large by the order of sqrt(1/n + 1/m). Its p-value is exact, with ties too, or asymptotic for large samples.",
        "Smirnov, Bulletin Moscow University 2 (1939)")
    {
        IsNeverNegative = true,
    };

    internal override void CheckSamples(PooledSample sample, Problems problems) => RankStatistic.RequireLine(sample, problems);

    internal override PooledStatistic Prepare(PooledSample sample, CancellationToken cancellation) => new RankStatistic(sample, Value)
    {
        Probability = static (counts, cancellation) => SmirnovTest.Exact(counts, Largest(counts), cancellation),
        Told = static counts => new Dictionary<string, double>
        {
            ["asymptoticPValue"] = SmirnovTest.Asymptotic(Value(counts), counts.CountX, counts.CountY),
        },
    };

    internal override double Work(int x, int y, int dimension) => 20.0 * (x + y);

    private static double Value(RankCounts counts) => Largest(counts) / ((double)counts.CountX * counts.CountY);

    /// <summary>max n m |F - G|, a whole number.</summary>
    private static long Largest(RankCounts counts)
    {
        long difference = 0, largest = 0;
        for (var k = 0; k < counts.Values.Length; k++)
        {
            difference += counts.Step(k);
            largest = Math.Max(largest, Math.Abs(difference));
        }

        return largest;
    }
}
