using KlCore.Estimation.Counts;
using KlCore.Estimation.Counts.Corrections;
using KlCore.Numerics;

namespace KlCore.Tests.Estimation.Counts;

/// <summary>What must hold of estimates from counts, whatever the counts are.</summary>
public class CountLawTests
{
    private static readonly CountConfidence Delta = new();

    public static TheoryData<double[]> Hostile =>
        [[1], [0, 0, 1], [1e15], [1e15 - 1, 1], [1, 1, 1, 1], [5e14, 5e14], [3, 0, 0, 0, 0, 0, 0, 1e14], [.. Enumerable.Repeat(1.0, 1000)], [.. Enumerable.Range(1, 300).Select(i => i * 1e10)]];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Entropy_OfAnyCounts_IsFiniteAndNotAbsurd(double[] counts)
    {
        foreach (var categories in new[] { counts.Length, counts.Length + 1, 1_000_000_000 })
        {
            var table = CountTable.TryFrom(counts, categories, new Problems())!;
            foreach (var correction in CountCorrection.All)
            {
                var estimate = CountEstimate.OfEntropy(table, correction, Delta, 1);
                Assert.True(double.IsFinite(estimate.Value) && estimate.Value >= -1e-14, $"{correction} of {categories}: {estimate.Value}");
                Assert.True(estimate.StandardError is null or >= 0, $"{correction}: {estimate.StandardError}");
                // What reckons with K categories cannot exceed their logarithm.
                if (correction is DirichletCorrection or JamesSteinCorrection or NemenmanShafeeBialekCorrection) Assert.InRange(estimate.Value, 0, Math.Log(categories) * (1 + 1e-14));
            }
        }
    }

    [Fact]
    public void Divergence_OfEqualCounts_IsZeroForThePlugIn()
    {
        double[] counts = [3, 1, 4, 1, 5, 9, 2, 6];
        var pair = CountPair.Of(Table(counts), Table([.. counts.Select(count => 3 * count)]));
        Assert.Equal(0, new NoCorrection().Divergence(pair));
        Assert.Equal((0, 1), (CountTests.Of(pair).Tests[0].Statistic, CountTests.Of(pair).Tests[0].PValue));
        Assert.True(new MillerMadowCorrection().Divergence(pair) < 0);
    }

    [Fact]
    public void Divergence_WhereQHasAnEmptyCell_IsInfiniteButForThoseThatReckonWithIt()
    {
        var pair = CountPair.Of(Table([5, 5, 1]), Table([6, 5, 0]));
        Assert.Equal(double.PositiveInfinity, new NoCorrection().Divergence(pair));
        Assert.Equal(double.PositiveInfinity, new MillerMadowCorrection().Divergence(pair));
        Assert.True(double.IsFinite(new ZhangCorrection().Divergence(pair)!.Value));
        Assert.True(double.IsFinite(new DirichletCorrection().Divergence(pair)!.Value));
        Assert.Null(new ChaoShenCorrection().Divergence(pair));
        Assert.NotNull(CountEstimate.OfDivergence(pair, new ZhangCorrection(), Delta, 1)!.StandardError);
        Assert.Null(CountEstimate.OfDivergence(pair, new NoCorrection(), Delta, 1)!.StandardError);
    }

    /// <summary>SciPy: stats.power_divergence(counts, 18 each, lambda_="log-likelihood") and stats.chisquare.</summary>
    [Fact]
    public void Tests_AgainstKnownProbabilities_AreThoseOfSciPy()
    {
        var tests = CountTests.Of(CountPair.Of(Table([16, 18, 16, 14, 12, 32]), [1 / 6.0, 1 / 6.0, 1 / 6.0, 1 / 6.0, 1 / 6.0, 1 / 6.0])).Tests;
        Assert.Equal(12.517224405358093, tests[0].Statistic, 1e-12);
        Assert.Equal(0.028348346700558115, tests[0].PValue, 1e-14);
        Assert.Equal(14.222222222222221, tests[1].Statistic, 1e-12);
        Assert.Equal(0.014257776096871847, tests[1].PValue, 1e-14);
        Assert.Equal(5, tests[1].DegreesOfFreedom);
    }

    /// <summary>Samples of a known distribution: the mean of the corrected entropies is nearer to the truth than the plug-in's, and the error is the one that is told.</summary>
    [Fact]
    public void Entropy_OverManySamples_HasTheErrorThatItTells()
    {
        double[] weights = [40, 20, 12, 8, 6, 5, 4, 3, 1, 1];
        var truth = -weights.Sum(weight => weight / 100 * Math.Log(weight / 100));
        var source = Table(weights);
        CountCorrection[] corrections = [new NoCorrection(), new MillerMadowCorrection(), new GrassbergerCorrection(), new ChaoShenCorrection(), new ZhangCorrection(), new ChaoWangJostCorrection(), new JackknifeCorrection()];
        const int samples = 2000;
        var (sums, squares, told) = (new double[corrections.Length], new double[corrections.Length], 0.0);
        for (var i = 0; i < samples; i++)
        {
            var table = Table(Multinomial.Draw(source, new RandomStream(5, i, "test")));
            told += EntropyError.Delta(table) / samples;
            for (var k = 0; k < corrections.Length; k++)
            {
                var value = corrections[k].Entropy(table, default);
                (sums[k], squares[k]) = (sums[k] + value, squares[k] + value * value);
            }
        }

        var plugInBias = sums[0] / samples - truth;
        // The bias is near (S - 1)/2N = 0.045, the error of a mean near 0.085/sqrt(2000) = 0.002.
        Assert.InRange(plugInBias, -0.055, -0.035);
        for (var k = 0; k < corrections.Length; k++)
        {
            var deviation = Math.Sqrt(squares[k] / samples - sums[k] / samples * (sums[k] / samples));
            Assert.InRange(told / deviation, 0.85, 1.15);
            if (k > 0) Assert.InRange(Math.Abs(sums[k] / samples - truth), 0, 0.35 * -plugInBias);
        }
    }

    [Fact]
    public void Errors_ByThreeMethods_AgreeForManyObservations()
    {
        var table = Table([400, 250, 150, 100, 60, 40]);
        var delta = EntropyError.Delta(table);
        Assert.Equal(delta, EntropyError.Jackknife(table, new NoCorrection(), default)!.Value, 0.02 * delta);
        Assert.Equal(delta, EntropyError.Bootstrap(table, new NoCorrection(), 2000, 1, default), 0.08 * delta);
        var pair = CountPair.Of(table, Table([300, 300, 100, 200, 40, 60]));
        var error = DivergenceError.Delta(pair);
        Assert.Equal(error, DivergenceError.Jackknife(pair, new NoCorrection(), default)!.Value, 0.05 * error);
        Assert.Equal(error, DivergenceError.Bootstrap(pair, new NoCorrection(), 2000, 1, default)!.Value, 0.1 * error);
    }

    [Theory]
    [InlineData(10, 0.3)]
    [InlineData(1e6, 0.999)]
    [InlineData(1e15, 1e-14)]
    [InlineData(1e15, 0.4)]
    public void BinomialDraw_OverManyDraws_HasItsMeanAndVariance(double trials, double probability)
    {
        const int draws = 4000;
        var random = new RandomStream(3, 0, "binomial");
        var values = Enumerable.Range(0, draws).Select(_ => BinomialDraw.Of(trials, probability, random)).ToArray();
        Assert.All(values, value => Assert.True(value >= 0 && value <= trials && value == Math.Floor(value)));
        var (mean, variance) = (trials * probability, trials * probability * (1 - probability));
        Assert.InRange((values.Average() - mean) / Math.Sqrt(variance / draws), -4, 4);
        // The variance of a sample variance of such a nearly normal variable is 2/draws.
        Assert.InRange((values.Sum(value => (value - mean) * (value - mean)) / draws / variance - 1) / Math.Sqrt((2 + 1 / variance) / draws), -4, 4);
    }

    [Fact]
    public void Counts_ThatAreNone_AreNamed()
    {
        var problems = new Problems();
        Assert.Null(CountTable.TryFrom([1, -1, 0.5, double.PositiveInfinity, 2e15], null, problems));
        Assert.Equal(["/1", "/2", "/3", "/4"], problems.ByPointer().Keys);
        problems = new Problems();
        Assert.Null(CountTable.TryFrom([0, 0], null, problems));
        Assert.Null(CountTable.TryFrom([6e14, 6e14], null, problems));
        Assert.Equal(2, problems.Total);
    }

    [Fact]
    public void Errors_ThatWouldTakeTooLong_AreRefused()
    {
        var table = Table([.. Enumerable.Range(1, 2000).Select(i => (double)i)]);
        Assert.Throws<TooCostlyException>(() => EntropyError.Jackknife(table, new NemenmanShafeeBialekCorrection(), default));
        Assert.Throws<TooCostlyException>(() => EntropyError.Bootstrap(table, new NoCorrection(), 100_000, 1, default));
    }

    private static CountTable Table(double[] counts) => CountTable.TryFrom(counts, null, new Problems())!;
}
