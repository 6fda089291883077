using KlCore.Estimation;
using KlCore.Estimation.Distances;
using KlCore.Numerics;

namespace KlCore.Tests.Estimation;

/// <summary>What holds of every distance between two samples.</summary>
public class TwoSampleLawTests
{
    public static TheoryData<string> OnALine => [.. Line.Keys];

    private static Dictionary<string, Estimator> Line { get; } = new()
    {
        ["w1"] = new Wasserstein(),
        ["w2"] = new Wasserstein { Order = 2 },
        ["w3.5"] = new Wasserstein { Order = 3.5 },
        ["energy"] = new EnergyDistance(),
        ["mmd"] = new MaximumMeanDiscrepancy(),
        ["mmd-biased"] = new MaximumMeanDiscrepancy { Variant = DiscrepancyVariant.Biased },
        ["ks"] = new KolmogorovSmirnov(),
        ["cvm"] = new CramerVonMises(),
    };

    [Theory]
    [MemberData(nameof(OnALine))]
    public void Of_SamplesExchanged_IsTheSame(string name)
    {
        var (x, y) = (Draw(1, 60, 0, 1), Draw(2, 45, 0.7, 2));
        Assert.Equal(Samples.Value(Line[name], x, y), Samples.Value(Line[name], y, x), 1e-14);
    }

    [Theory]
    [MemberData(nameof(OnALine))]
    public void Of_ASelection_IsThatOfItsPoints(string name)
    {
        var (x, y) = (Draw(3, 50, 0, 1), Draw(4, 40, 0.5, 1));
        double[] all = [.. x, .. y];
        var estimator = name.StartsWith("mmd", StringComparison.Ordinal) ? ((MaximumMeanDiscrepancy)Line[name]) with { Bandwidth = 0.8 } : Line[name];
        var (statistic, _, _) = Samples.Prepare(estimator, Samples.Rows(x), Samples.Rows(y));
        var random = new Random(5);
        foreach (var (n, m) in new[] { (50, 40), (60, 55), (7, 9), (1, 3), (2, 2) })
        {
            if (n < 2 && name == "mmd") continue;
            int[] placesX = [.. Enumerable.Range(0, n).Select(_ => random.Next(all.Length))], placesY = [.. Enumerable.Range(0, m).Select(_ => random.Next(all.Length))];
            var expected = Samples.Value(estimator, [.. placesX.Select(i => all[i])], [.. placesY.Select(i => all[i])]);
            Assert.Equal(expected, statistic.Of(placesX, placesY, CancellationToken.None), 1e-13 * Math.Max(1, expected));
        }
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(1.5e308)]
    [InlineData(1e-300)]
    public void Distances_NumbersOfAnySize_GrowWithThem(double size)
    {
        double[] x = [0, 0.25, 0.5], y = [0.125, 0.25, -0.125, 0.0625], scaledX = [.. x.Select(v => v * size)], scaledY = [.. y.Select(v => v * size)];
        foreach (var name in new[] { "w1", "w2", "w3.5" }) Near(Samples.Value(Line[name], x, y) * size, Samples.Value(Line[name], scaledX, scaledY));
        var energy = Samples.Value(Line["energy"], x, y) * Math.Sqrt(size);
        Near(energy, Samples.Value(Line["energy"], scaledX, scaledY));
        Near(energy, Samples.Value(Line["energy"], Samples.Lift(scaledX), Samples.Lift(scaledY)));
        Near(Samples.Value(Line["mmd"], x, y), Samples.Value(Line["mmd"], scaledX, scaledY));
        Near(Samples.Value(new MaximumMeanDiscrepancy { Bandwidth = 0.5 }, x, y), Samples.Value(new MaximumMeanDiscrepancy { Bandwidth = 0.5 * size }, scaledX, scaledY));
    }

    /// <summary>The size is a power of 2, so that nothing is rounded otherwise; its square is no double.</summary>
    [Fact]
    public void StandardErrors_NumbersOfAnySize_GrowWithThem()
    {
        var size = Math.ScaleB(1, 990);
        double[] x = [.. Enumerable.Range(0, 30).Select(i => Math.Sin(i))], y = [.. Enumerable.Range(0, 40).Select(i => Math.Cos(1.7 * i))];
        double Error(double by) => TwoSamples.TryFrom(new Points([.. x.Select(v => v * by)]), new Points([.. y.Select(v => v * by)]), new Problems())!
            .Estimate([new Wasserstein()], new Confidence { Permutations = 0 }, 1, default, default)[0].StandardError!.Value;
        Near(Error(1) * size, Error(size));
    }

    [Theory]
    [InlineData(1e5)]
    [InlineData(1e300)]
    public void Wasserstein_HighOrder_TendsToTheLargestMove(double order) =>
        Assert.Equal(2, Samples.Value(new Wasserstein { Order = order }, [0, 1, 5], [0.5, 1, 7]), 1e-4);

    [Fact]
    public void KolmogorovSmirnov_FarTail_KeepsItsDigits()
    {
        // Two samples of 50 that do not mix: 2 of the C(100, 50) ways.
        double[] x = [.. Enumerable.Range(0, 50).Select(i => (double)i)], y = [.. x.Select(v => v + 100)];
        Near(2 / 1.0089134454556419e29, Samples.PValue(new KolmogorovSmirnov(), x, y)!.Value);
    }

    [Fact]
    public void PopulationStability_EmptyBin_IsInfiniteUnlessCountsAreAdded()
    {
        double[] x = [.. Enumerable.Range(0, 100).Select(i => (double)i)], y = [.. x.Select(v => v + 200)];
        Assert.Equal(double.PositiveInfinity, Samples.Value(new PopulationStability(), x, y));
        // One bin has 10.5 of 105 against 100.5, the nine others 10.5 against 0.5.
        var expected = 90.0 / 105 * Math.Log(100.5 / 10.5) + 9 * (10.0 / 105) * Math.Log(10.5 / 0.5);
        Near(expected, Samples.Value(new PopulationStability { Pseudocount = 0.5 }, x, y));
        Assert.Throws<InvalidInputException>(() => Samples.Value(new PopulationStability(), [1, 1, 1], x));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    public void PopulationStability_StandardError_IsTheDeviationOfRepeatedSamples(double shift)
    {
        // Of 300 repetitions a deviation is known to 1/sqrt(600), 4 %; the index is skewed and the formula asymptotic, so three times that and a half is let pass.
        var estimator = new PopulationStability { Bins = 4 };
        var (values, errors) = (new double[300], new double[300]);
        for (var i = 0; i < values.Length; i++)
        {
            var (statistic, x, y) = Samples.Prepare(estimator, Samples.Rows(Draw(i, 400, 0, 1)), Samples.Rows(Draw(5000 + i, 600, shift, 1)));
            (values[i], errors[i]) = (statistic.Of(x, y, CancellationToken.None), statistic.StandardError(CancellationToken.None)!.Value);
        }

        var mean = values.Average();
        var deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
        Assert.InRange(errors.Average() / deviation, 0.8, shift == 0 ? 1.6 : 1.2);
    }

    [Fact]
    public void PopulationStability_ValueOnAnEdge_BelongsToTheBinBelow()
    {
        // The median of x is 2, a point of both: x has 3 and 2, y has 4 and 1.
        Near(0.2 * Math.Log(4.0 / 3) + 0.2 * Math.Log(2.0), Samples.Value(new PopulationStability { Bins = 2 }, [0, 1, 2, 3, 4], [2, 2, 2, 2, 3]));
    }

    [Fact]
    public void LineStatistics_PointsOfTwoCoordinates_AreRefused()
    {
        foreach (Estimator estimator in new Estimator[] { new KolmogorovSmirnov(), new CramerVonMises(), new PopulationStability() })
        {
            var problems = new Problems();
            estimator.CheckSamples(new PooledSample(new Points([[1, 2], [3, 4]]), new Points([[1.0, 2]])), problems);
            Assert.Equal(["/x", "/y"], problems.ByPointer().Keys.Order());
        }
    }

    [Theory]
    [InlineData("ks")]
    [InlineData("cvm")]
    [InlineData("psi")]
    public void Probability_SamplesOfOneDistribution_IsUniform(string name)
    {
        // A Kolmogorov-Smirnov distance of 400 uniform numbers beyond 1.63/20 has probability 0.01; discreteness only makes p-values larger.
        const int Repetitions = 400;
        var values = Enumerable.Range(0, Repetitions).Select(i =>
        {
            var (x, y) = (Draw(100 + i, 200, 0, 1), Draw(1000 + i, 150, 0, 1));
            return name switch
            {
                "ks" => Samples.PValue(new KolmogorovSmirnov(), x, y)!.Value,
                "cvm" => Samples.Details(new CramerVonMises(), x, y)["asymptoticPValue"],
                _ => Samples.Details(new PopulationStability { Bins = 5 }, x, y)["chiSquaredPValue"],
            };
        }).Order().ToArray();
        var distance = values.Select((p, i) => Math.Max(Math.Abs(p - (double)i / Repetitions), Math.Abs(p - (i + 1.0) / Repetitions))).Max();
        Assert.InRange(distance, 0, 1.63 / Math.Sqrt(Repetitions));
    }

    private static double[] Draw(long seed, int count, double mean, double deviation)
    {
        var random = new RandomStream(seed, 0, "test");
        return [.. Enumerable.Range(0, count).Select(_ => mean + deviation * random.NextNormal())];
    }

    private static void Near(double expected, double value) => Assert.True(Math.Abs(expected - value) <= 1e-12 * Math.Abs(expected), $"expected {expected:R}, was {value:R}");
}
