using KlCore.Numerics;

namespace KlCore.Estimation.Distances;

/// <summary>
/// T = n m/(n + m)^2 sum over all points z of (F(z) - G(z))^2, of the empirical distributions of two samples on a line; from 0. Without ties it is
/// SciPy's cramervonmises_2samp. For samples of one distribution its mean is (1 + 1/(n + m))/6 whatever their sizes.
/// Source: T. Anderson, Annals of Mathematical Statistics 33 (1962).
/// </summary>
public sealed record CramerVonMises : Estimator
{
    /// <inheritdoc/>
    public override EstimatorDescription Describe() => new(
        "n m/(n + m) integral (F - G)^2 dH, with H the distribution of both together", "n m/(n + m)^2 sum over all points z of (F_n(z) - G_m(z))^2",
        "Near 1/6 for equal distributions whatever they are; larger than 0.46 in 5 % of such samples. Grows in proportion to the size of the samples where they differ.",
        "Anderson, Annals of Mathematical Statistics 33 (1962)")
    {
        IsNeverNegative = true,
    };

    internal override void CheckSamples(PooledSample sample, Problems problems) => RankStatistic.RequireLine(sample, problems);

    internal override PooledStatistic Prepare(PooledSample sample, CancellationToken cancellation) => new RankStatistic(sample, Value)
    {
        Told = static counts => new Dictionary<string, double> { ["asymptoticPValue"] = CramerVonMisesTest.Probability(Value(counts), counts.CountX, counts.CountY) },
    };

    internal override double Work(int x, int y, int dimension) => 20.0 * (x + y);

    /// <summary>It grows with the sample, and a part of the sample has another one.</summary>
    internal override ErrorMethod ErrorMethod => ErrorMethod.Jackknife;

    private static double Value(RankCounts counts)
    {
        var sum = new CompensatedSum();
        long difference = 0;
        for (var k = 0; k < counts.Values.Length; k++)
        {
            difference += counts.Step(k);
            sum.Add((counts.X[k] + counts.Y[k]) * ((double)difference * difference));
        }

        double n = counts.CountX, m = counts.CountY;
        return sum.Value / (n * m) / ((n + m) * (n + m));
    }
}
