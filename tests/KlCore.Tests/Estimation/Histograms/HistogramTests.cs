using KlCore.Estimation;
using KlCore.Estimation.Dependence;
using KlCore.Estimation.Entropies;
using KlCore.Estimation.Histograms;

namespace KlCore.Tests.Estimation.Histograms;

/// <summary>Histograms of two samples: bins as NumPy 1.24 lays them, the divergence by hand, and what becomes of empty cells.</summary>
public class HistogramTests
{
    // (i^2 0.37) mod 7 + (i mod 5)(i mod 3)
    private static readonly double[] Values = [.. Enumerable.Range(0, 120).Select(i => i * i * 0.37 % 7 + i % 5 * (i % 3))];

    private static readonly Confidence Plain = new() { Permutations = 0 };

    [Theory]
    [InlineData("auto", 9)]
    [InlineData("sturges", 8)]
    [InlineData("scott", 7)]
    [InlineData("freedman-diaconis", 9)]
    [InlineData("doane", 10)]
    [InlineData("rice", 10)]
    [InlineData("sqrt", 11)]
    [InlineData("equal-probability", 14)]
    public void Rule_OnALine_GivesNumPysNumberOfBins(string rule, int bins) => Assert.Equal(bins, BinRule.Of(rule).For([.. Values.Order()], 1));

    [Fact]
    public void Estimate_WithSixBins_IsTheDivergenceOfTheCounts()
    {
        var estimate = Estimate(new Histogram { Bins = BinRule.Of(6) }, Values[..70], Values[70..]);
        Assert.Equal(0.06624646794753934, estimate.Value, 1e-13);
        Assert.Equal((6, 6, Values.Min(), Values.Max()), (estimate.Details!["bins"], estimate.Details["cells"], estimate.Details["low"], estimate.Details["high"]));
        Assert.True(estimate.StandardError > 0);
        Assert.Null(estimate.ErrorMethod);
    }

    [Fact]
    public void Estimate_WhereACellIsEmptyInY_IsInfiniteUnlessCorrected()
    {
        double[] x = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], y = [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4];
        var plain = Estimate(new Histogram { Bins = BinRule.Of(3) }, x, y);
        Assert.Equal(double.PositiveInfinity, plain.Value);
        Assert.Null(plain.StandardError);
        Assert.Contains(plain.Warnings, warning => warning.StartsWith("1 cells with 40.0", StringComparison.Ordinal));
        Assert.True(double.IsFinite(Estimate(new Histogram { Bins = BinRule.Of(3), BiasCorrection = HistogramCorrection.Zhang }, x, y).Value));
        // (3, 3, 4) and (6, 3, 0) of ten and nine, each with a half more.
        double[] p = [3.5 / 11.5, 3.5 / 11.5, 4.5 / 11.5], q = [6.5 / 10.5, 3.5 / 10.5, 0.5 / 10.5];
        Assert.Equal(p.Zip(q, (a, b) => a * Math.Log(a / b)).Sum(), Estimate(new Histogram { Bins = BinRule.Of(3), Pseudocount = 0.5 }, x, y).Value, 1e-13);
    }

    [Fact]
    public void Estimate_OfOneDistribution_IsNearZeroOnceCorrectedAndItsTestSaysSo()
    {
        var sample = Samples(11, 400);
        var corrected = TwoSamples.TryFrom(new Points(sample[..200]), new Points(sample[200..]), new Problems())!
            .Estimate(new Histogram { Bins = BinRule.Of(8), BiasCorrection = HistogramCorrection.MillerMadow, Range = [-3, 3] }, new Confidence { Permutations = 199 }, 1);
        Assert.InRange(corrected.Value, -0.05, 0.05);
        Assert.InRange(corrected.PValue!.Value, 0.02, 1);
    }

    [Fact]
    public void Points_OfManyDimensions_AreRefusedAndOfThreeWarnedOf()
    {
        Points Space(int dimension) => new([.. Enumerable.Range(0, 40).Select(i => Enumerable.Range(0, dimension).Select(d => Math.Sin(i * (d + 1.0))).ToArray())]);
        Assert.Throws<InvalidInputException>(() => TwoSamples.TryFrom(Space(4), Space(4), new Problems())!.Estimate(new Histogram(), Plain, 1));
        var estimate = TwoSamples.TryFrom(Space(3), Space(3), new Problems())!.Estimate(new Histogram { Bins = BinRule.Of(4) }, Plain, 1);
        Assert.Equal((0, 64), (estimate.Value, estimate.Details!["cells"]));
        Assert.Contains(estimate.Warnings, warning => warning.Contains("3 dimensions", StringComparison.Ordinal));
    }

    /// <summary>Of cells of width 2.495 with 29, 29, 32, 16, 9 and 5 of 120 numbers.</summary>
    [Fact]
    public void Entropy_WithSixBins_IsThatOfTheCountsAndTheWidth()
    {
        var estimate = OneSample.TryFrom(new Points(Values), new Problems())!.Estimate([new HistogramEntropy { Bins = BinRule.Of(6), BiasCorrection = NamedCorrection.MillerMadow }], Plain, 1)[0];
        double[] counts = [29, 29, 32, 16, 9, 5];
        Assert.Equal(-counts.Sum(count => count / 120 * Math.Log(count / 120)) + 5.0 / 240 + Math.Log(14.97 / 6), estimate.Value, 1e-12);
        Assert.True(estimate.StandardError > 0);
    }

    [Fact]
    public void Information_OfATable_IsThatOfItsCountsAndZeroOfIndependence()
    {
        // 0 and 1 with 4, 1 on the first row and 2, 3 on the second.
        double[] x = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1], y = [0, 0, 0, 0, 1, 0, 0, 1, 1, 1];
        static double H(params double[] counts) => -counts.Sum(count => count / 10 * Math.Log(count / 10));
        var pairs = Pairs.TryFrom(new Points(x), new Points(y), new Problems())!;
        Assert.Equal(H(5, 5) + H(6, 4) - H(4, 1, 2, 3), pairs.Estimate([new HistogramInformation { Bins = BinRule.Of(2) }], Plain, 1)[0].Value, 1e-13);
        Assert.Equal(H(5, 5) + H(6, 4) - H(4, 1, 2, 3) - 1.0 / 20, pairs.Estimate([new HistogramInformation { Bins = BinRule.Of(2), BiasCorrection = NamedCorrection.MillerMadow }], Plain, 1)[0].Value, 1e-13);
        var independent = Pairs.TryFrom(new Points([0, 0, 1, 1]), new Points([0, 1, 0, 1]), new Problems())!;
        Assert.Equal(0, independent.Estimate([new HistogramInformation { Bins = BinRule.Of(2) }], Plain, 1)[0].Value, 1e-15);
    }

    [Theory]
    [InlineData(1e300, -1e300)]
    [InlineData(5e-324, 0)]
    [InlineData(7, 7)]
    [InlineData(1e16, 1e16 + 2)]
    public void Numbers_AtTheEnds_HaveBinsAndAValue(double first, double second)
    {
        foreach (var rule in BinRule.Words)
            Assert.False(double.IsNaN(Estimate(new Histogram { Bins = BinRule.Of(rule) }, [first, first, second], [second, second, first]).Value));
        Assert.False(double.IsNaN(Estimate(new Histogram { Bins = BinRule.Of(100_000) }, [first, first, second], [second, second, first]).Value));
    }

    [Fact]
    public void Find_OfEveryValue_IsTheBinBetweenWhoseEdgesItLies()
    {
        double[] sorted = [.. Values.Order()];
        foreach (var rule in (BinRule[])[BinRule.Of(7), BinRule.Of("equal-probability"), BinRule.Of(1)])
        {
            var edges = BinEdges.Of(sorted, rule, null, 1);
            foreach (var value in sorted.Concat(edges.Edges))
            {
                var bin = edges.Find(value);
                Assert.True(edges.Edges[bin] <= value && (value < edges.Edges[bin + 1] || value == edges.Edges[^1]), $"{value:R} in bin {bin}");
            }
        }
    }

    private static Estimate Estimate(Histogram histogram, double[] x, double[] y)
    {
        var problems = new Problems();
        histogram.Check(problems);
        Assert.False(problems.Any);
        return TwoSamples.TryFrom(new Points(x), new Points(y), problems)!.Estimate(histogram, Plain, 1);
    }

    private static double[] Samples(long seed, int count)
    {
        var random = new KlCore.Numerics.RandomStream(seed, 0, "histogram");
        return [.. Enumerable.Range(0, count).Select(_ => random.NextNormal())];
    }
}
