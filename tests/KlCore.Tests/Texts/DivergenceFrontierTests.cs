using System.Text.Json;
using KlCore.Divergences;
using KlCore.Estimation;
using KlCore.Numerics;
using KlCore.Texts.Frontiers;
using KlCore.Training;

namespace KlCore.Tests.Texts;

public class DivergenceFrontierTests
{
    private static readonly JsonElement Reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "frontiers.json"))).RootElement;

    [Fact]
    public void Mauve_OfHistograms_IsThatOfPython()
    {
        foreach (var expected in Reference.GetProperty("histograms").EnumerateArray())
        {
            var answer = Measure(Of(Histogram(expected, "p"), Histogram(expected, "q")) with { Scale = expected.GetProperty("scale").GetDouble(), Points = expected.GetProperty("points").GetInt32(), Resamples = 0 });
            Assert.Equal(expected.GetProperty("mauve").GetDouble(), answer.Mauve, 1e-12);
            Assert.Equal(expected.GetProperty("star").GetDouble(), answer.MauveStar!.Value, 1e-12);
            AssertRelative(expected.GetProperty("integral").GetDouble(), answer.FrontierIntegral);
            AssertRelative(expected.GetProperty("starIntegral").GetDouble(), answer.FrontierIntegralStar!.Value);
            Assert.Null(answer.StandardError);
        }
    }

    [Fact]
    public void Mauve_OfCloudsOfFeatures_IsThatOfTheirCounts()
    {
        foreach (var expected in Reference.GetProperty("features").EnumerateArray())
        {
            var how = Of(Rows(expected, "p"), Rows(expected, "q")) with { Clusters = expected.GetProperty("clusters").GetInt32() };
            var answer = Measure(how);
            Assert.Equal(expected.GetProperty("mauve").GetDouble(), answer.Mauve, 1e-12);
            Assert.Equal(expected.GetProperty("dimension").GetInt32(), answer.Dimension);
            Assert.Equal((0, 3), (answer.ClusteringError!.Value, answer.BySeed!.Count));
            Assert.Equal(answer.Mauve, Measure(how with { Variance = 1, Normalize = false }).Mauve, 1e-12);
        }
    }

    /// <summary>Nearly equal histograms: the integral is the sum of (p - q)^2 / (p + q) / 3 to first order, which differences would have lost.</summary>
    [Fact]
    public void Integral_OfNearlyEqualHistograms_KeepsItsDigits()
    {
        const double shift = 1e-10;
        var pair = Pair.From([0.5 - shift, 0.5 + shift], [0.5, 0.5], new Interpretation { Input = InputKind.Weights });
        var gap = (0.5 + shift) - 0.5;
        AssertRelative(gap * gap * 2 / 3, DivergenceFrontier.Integral(pair), 1e-9);
    }

    [Fact]
    public void Frontier_OfEqualAndOfDisjointHistograms_IsOneAndNearZero()
    {
        var equal = Measure(Of([4, 4, 2], [40, 40, 20]));
        Assert.Equal((1, 0), (equal.Mauve, equal.FrontierIntegral));
        var disjoint = Measure(Of([5, 0], [0, 5]));
        Assert.InRange(disjoint.Mauve, 0.004, 0.0045);
        Assert.Equal(1, disjoint.FrontierIntegral, 1e-15);
    }

    [Fact]
    public void Mauve_WithSidesExchanged_IsTheSame()
    {
        double[] p = [30, 1, 0, 20], q = [10, 9, 7, 20];
        var (one, other) = (Measure(Of(p, q)), Measure(Of(q, p)));
        Assert.Equal(one.Mauve, other.Mauve, 1e-13);
        Assert.Equal(one.FrontierIntegral, other.FrontierIntegral, 1e-14);
        Assert.All(one.Curve.Zip(other.Curve.Reverse()), pair => Assert.Equal(pair.First.X, pair.Second.Y, 1e-13));
    }

    [Fact]
    public void Curve_FromEndToEnd_FallsInXAndRisesInY()
    {
        var curve = Measure(Of([30, 1, 0, 20], [10, 9, 7, 20])).Curve;
        Assert.Equal(27, curve.Count);
        Assert.Equal(((0.0, 1.0, 0.0), (1.0, 0.0, 1.0)), ((curve[0].Weight, curve[0].X, curve[0].Y), (curve[^1].Weight, curve[^1].X, curve[^1].Y)));
        Assert.All(curve.Zip(curve.Skip(1)), step => Assert.True(step.Second.X <= step.First.X && step.Second.Y >= step.First.Y));
    }

    /// <summary>Histograms drawn again and again from the same distributions: they scatter by what each says of its own error.</summary>
    [Fact]
    public void SamplingError_OfCounts_IsTheScatterOfOtherSamples()
    {
        double[] p = [0.4, 0.3, 0.2, 0.1], q = [0.25, 0.25, 0.25, 0.25];
        var (areas, errors) = (new List<double>(), new List<double>());
        for (var run = 0; run < 200; run++)
        {
            var random = new RandomStream(8, run, "histograms");
            var how = Of(Draw(p, 400, random), Draw(q, 400, random));
            areas.Add(Measure(how with { Resamples = 0 }).Mauve);
            if (run < 20) errors.Add(Measure(how with { Resamples = 100, Seed = run }).SamplingError!.Value);
        }

        // The scatter of 200 is known to 1/sqrt(400), 5 %, and the mean of the errors to 2 %; three times that.
        Assert.InRange(errors.Average() / CountFrontier.Deviation(areas), 0.83, 1.17);
    }

    /// <summary>One cloud, cut in ten: where the cuts go is chance, which the scatter over seeds shows; the seed decides all of it.</summary>
    [Fact]
    public void Mauve_OfOneCloud_IsTheSameForASeedAndScattersOverSeeds()
    {
        var random = new RandomStream(9, 0, "cloud");
        var how = Of(Cloud(random, 100, 0), Cloud(random, 100, 0.7)) with { Clusters = 10, Resamples = 50 };
        var (first, again, other) = (Measure(how), Measure(how), Measure(how with { Seed = 2 }));
        Assert.Equal(first.BySeed, again.BySeed);
        Assert.Equal(first.StandardError, again.StandardError);
        Assert.NotEqual(first.Mauve, other.Mauve);
        Assert.True(first.ClusteringError > 0 && first.SamplingError > 0);
        Assert.Equal(Math.Sqrt(Math.Pow(first.SamplingError.Value, 2) + (Math.Pow(first.ClusteringError.Value, 2) / 3)), first.StandardError!.Value, 1e-15);
        Assert.InRange(first.Mauve, 0.3, 0.99);
        Assert.Empty(first.Warnings);
        Assert.Contains("nearly empty", Measure(how with { Clusters = 30 }).Warnings.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void Clustering_OfFewerDifferentRowsThanClusters_IsNoFailure()
    {
        var rows = new InlineSample(new Points([[0.0, 0], [0, 0], [1, 1], [1, 1]]));
        var answer = Measure(new Mauve { P = rows, Q = rows, Clusters = 4 });
        Assert.Equal(1, answer.Mauve);
        var zeros = new InlineSample(new Points([[0.0, 0], [0, 0]]));
        Assert.Equal(1, Measure(new Mauve { P = zeros, Q = zeros }).Mauve);
    }

    [Fact]
    public void Features_OfAnySize_NeitherOverflowNorVanish()
    {
        foreach (var size in new[] { 1e-300, 1e300 })
        {
            var p = new InlineSample(new Points([[size, 0], [size, 0], [0, size], [size, 0]]));
            var q = new InlineSample(new Points([[0, size], [0, size], [0, size], [size, 0]]));
            var answer = Measure(new Mauve { P = p, Q = q, Clusters = 2 });
            Assert.Equal(Measure(Of([3, 1], [1, 3])).Mauve, answer.Mauve, 1e-12);
        }
    }

    [Fact]
    public void Shares_InPlaceOfCounts_HaveNoStarAndNoError()
    {
        var answer = Measure(Of([0.6, 0.4], [0.4, 0.6]));
        Assert.Equal((null, null, null), (answer.MauveStar, answer.StandardError, answer.Counts));
        Assert.Single(answer.Warnings);
        Assert.Equal(Measure(Of([6, 4], [4, 6])).Mauve, answer.Mauve, 1e-14);
    }

    [Fact]
    public void Measure_WhatIsNotLegalOrTooMuch_IsRefused()
    {
        Assert.Equal(["/q"], Refused(Of([1, 2], [1, 2, 3])));
        Assert.Equal(["/p/1"], Refused(Of([1, -2], [1, 2])));
        Assert.Equal(["/p"], Refused(Of([0, 0], [1, 2])));
        Assert.Equal(["/clusters"], Refused(Of([1, 2], [1, 2]) with { Clusters = 2 }));
        var rows = new InlineSample(new Points([[1.0, 2], [2, 3]]));
        Assert.Equal(["/q"], Refused(new Mauve { P = rows, Q = new InlineSample(new Points([1.0, 2])) }));
        Assert.Equal(["/q"], Refused(new Mauve { P = rows, Q = new InlineSample(new Points([[1.0], [2.0]])) }));
        Assert.Equal(["/q"], Refused(new Mauve { P = rows, Q = new InlineSample(new Points([[1.0, 2]])) }));
        Assert.Equal(["/clusters"], Refused(new Mauve { P = rows, Q = rows, Clusters = 5 }));
        Assert.Throws<TooCostlyException>(() => Measure(Of(new double[300_000], Enumerable.Repeat(1.0, 300_000).ToArray()) with { P = new InlineSample(new Points(Enumerable.Repeat(1.0, 300_000))), Points = 1000 }));
        Assert.Throws<TooCostlyException>(() => Measure(Of([1, 2, 3], [3, 2, 1]) with { Resamples = 10_000, P = new InlineSample(new Points(Enumerable.Repeat(1.0, 3000))), Q = new InlineSample(new Points(Enumerable.Repeat(1.0, 3000))) }));
    }

    private static IEnumerable<string> Refused(Mauve how) => Assert.Throws<InvalidInputException>(() => Measure(how)).Problems.ByPointer().Keys;

    private static MauveAnswer Measure(Mauve how) => how.Measure(new NoInputs());

    private static Mauve Of(double[] p, double[] q) => Of(new InlineSample(new Points(p)), new InlineSample(new Points(q)));

    private static Mauve Of(SampleInput p, SampleInput q) => new() { P = p, Q = q };

    private static double[] Histogram(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(count => count.GetDouble())];

    private static InlineSample Rows(JsonElement element, string name) =>
        new(new Points([.. element.GetProperty(name).EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetDouble()).ToArray())]));

    private static InlineSample Cloud(RandomStream random, int count, double shift) =>
        new(new Points([.. Enumerable.Range(0, count).Select(_ => new[] { random.NextNormal() + shift, random.NextNormal() })]));

    private static double[] Draw(double[] probabilities, int count, RandomStream random)
    {
        var counts = new double[probabilities.Length];
        for (var i = 0; i < count; i++)
        {
            var (u, cell) = (random.NextUniform(), 0);
            while (cell < counts.Length - 1 && (u -= probabilities[cell]) > 0) cell++;
            counts[cell]++;
        }

        return counts;
    }

    private static void AssertRelative(double expected, double value, double tolerance = 1e-12) => Assert.Equal(expected, value, tolerance * Math.Max(expected, 1e-30));

    private sealed class NoInputs : ITrainingInputs
    {
        public double[][] Rows(DatasetColumns columns) => throw new NotSupportedException();
    }
}
