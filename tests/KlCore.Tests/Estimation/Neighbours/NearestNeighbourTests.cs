using KlCore.Estimation;
using KlCore.Estimation.Neighbours;
using KlCore.Numerics;

namespace KlCore.Tests.Estimation.Neighbours;

public class NearestNeighbourTests
{
    [Theory]
    [InlineData(NeighbourMetric.Euclidean)]
    [InlineData(NeighbourMetric.Chebyshev)]
    public void Of_TwoSamples_IsTheFormulaOverAllPairs(NeighbourMetric metric)
    {
        foreach (var (n, m, d, k) in new[] { (40, 60, 1, 1), (70, 30, 2, 3), (50, 50, 6, 5) })
        {
            var (x, y) = (Draw(1, n, d, 0), Draw(2, m, d, 0.7));
            var sum = 0.0;
            for (var i = 0; i < n; i++)
            {
                var at = i;
                var rho = Enumerable.Range(0, n).Where(j => j != at).Select(j => Distance(x[at], x[j], metric)).Order().ElementAt(k - 1);
                var nu = y.Select(other => Distance(x[at], other, metric)).Order().ElementAt(k - 1);
                sum += Math.Log(nu / rho);
            }

            Assert.Equal(d * sum / n + Math.Log(m / (n - 1.0)), Samples.Value(new NearestNeighbour { K = k, Metric = metric }, x, y), 1e-12);
            Assert.Equal(Samples.Value(new NearestNeighbour { K = k, Metric = metric }, x, y), Samples.Value(new NearestNeighbour { K = k, Metric = metric, Variant = NeighbourVariant.PerezCruz }, x, y));
        }
    }

    /// <summary>Equation 29 with radius max(rho_k, nu_k).</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void BiasReduced_OfTwoSamples_CountsWithinOneRadius(int k)
    {
        var (x, y) = (Draw(3, 60, 3, 0), Draw(4, 45, 3, 0.5));
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            var at = i;
            var inX = Enumerable.Range(0, x.Length).Where(j => j != at).Select(j => Distance(x[at], x[j], NeighbourMetric.Euclidean)).Order().ToArray();
            var inY = y.Select(other => Distance(x[at], other, NeighbourMetric.Euclidean)).Order().ToArray();
            var radius = Math.Max(inX[k - 1], inY[k - 1]);
            var (a, b) = (inX.Count(distance => distance <= radius), inY.Count(distance => distance <= radius));
            sum += 3 * Math.Log(inY[b - 1] / inX[a - 1]) + Harmonic(a) - Harmonic(b);
        }

        Assert.Equal(sum / x.Length + Math.Log(45 / 59.0), Samples.Value(new NearestNeighbour { K = k, Variant = NeighbourVariant.BiasReduced }, x, y), 1e-12);
    }

    /// <summary>What is found by the lists of all points must be what trees of the selection find.</summary>
    [Fact]
    public void Of_ASelection_IsThatOfItsPointsAlone()
    {
        var (x, y) = (Draw(5, 90, 2, 0), Draw(6, 70, 2, 0.4));
        double[][] all = [.. x, .. y];
        var estimator = new NearestNeighbour { K = 3, Ties = TiePolicy.Skip };
        var (statistic, _, _) = Samples.Prepare(estimator, x, y);
        var random = new RandomStream(7, 0, "selection");
        foreach (var (n, m) in new[] { (90, 70), (150, 10), (20, 140), (60, 60), (10, 12) })
        {
            int[] order = [.. Enumerable.Range(0, all.Length)];
            random.Shuffle<int>(order);
            int[] placesX = order[..n], placesY = order[n..(n + m)];
            var alone = Samples.Value(estimator, [.. placesX.Select(i => all[i])], [.. placesY.Select(i => all[i])]);
            Assert.Equal(alone, statistic.Of(placesX, placesY, CancellationToken.None), 1e-12);
        }

        // With repetition a third of the points is missing and others stand twice: their distances of 0 are passed over.
        int[] repeated = [.. Enumerable.Range(0, 90).Select(_ => random.NextIndex(160))];
        Assert.True(double.IsFinite(statistic.Of(repeated, repeated, CancellationToken.None)));
    }

    /// <summary>The table of the documentation: mean over repetitions within what their spread allows, at n = 1000 (standard deviations 0.05 to 0.08, so 0.03 for ten).</summary>
    [Theory]
    [InlineData(1, 1, 5, 0.50)]
    [InlineData(2, 1, 5, 0.85)]
    [InlineData(5, 0.5, 5, 0.49)]
    [InlineData(10, 0.5, 5, 0.83)]
    [InlineData(10, 0.5, 1, 0.91)]
    public void Mean_OfShiftedGaussians_IsTheKnownOne(int d, double shift, int k, double expected)
    {
        var values = Enumerable.Range(0, 10).Select(repetition => Samples.Value(new NearestNeighbour { K = k }, Draw(1000 + repetition, 1000, d, 0), Draw(2000 + repetition, 1000, d, shift)));
        Assert.Equal(expected, values.Average(), 0.07);
    }

    [Fact]
    public void Of_PointsUnderACommonSimilarity_IsTheSame()
    {
        var (x, y) = (Draw(8, 80, 2, 0), Draw(9, 80, 2, 1));
        double[][] Moved(double[][] points) => [.. points.Select(p => new[] { 3e5 * (0.6 * p[0] - 0.8 * p[1]) + 7, 3e5 * (0.8 * p[0] + 0.6 * p[1]) - 2 })];
        Assert.Equal(Samples.Value(new NearestNeighbour(), x, y), Samples.Value(new NearestNeighbour(), Moved(x), Moved(y)), 1e-9);
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(1e-300)]
    public void Of_NumbersOfAnySize_IsTheSame(double size)
    {
        var (x, y) = (Draw(8, 80, 2, 0), Draw(9, 80, 2, 1));
        double[][] Scaled(double[][] points) => [.. points.Select(p => new[] { size * p[0], size * p[1] })];
        Assert.Equal(Samples.Value(new NearestNeighbour(), x, y), Samples.Value(new NearestNeighbour(), Scaled(x), Scaled(y)), 1e-9);
    }

    [Fact]
    public void Ties_ByDefault_AreRefusedAtTheirPlaceAndSkippedIfAsked()
    {
        double[][] x = Samples.Rows([0.5, 1, 2, 1, 4]), y = Samples.Rows([0.1, 1.1, 2.2, 2.9]);
        var refused = Assert.Throws<InvalidInputException>(() => Samples.Value(new NearestNeighbour { K = 1 }, x, y));
        Assert.Equal(["/x/1"], refused.Problems.ByPointer().Keys);
        var skipping = TwoSamples.TryFrom(new Points(x), new Points(y), new Problems())!.Estimate(new NearestNeighbour { K = 1, Ties = TiePolicy.Skip }, new Confidence { Resamples = 0 }, 1);
        Assert.Equal((Math.Log(0.4 / 0.5) + Math.Log(0.2 / 1) + Math.Log(1.1 / 2)) / 3 + Math.Log(4 / 4.0), skipping.Value, 1e-14);
        Assert.Equal(2, skipping.Details!["skippedTies"]);
        Assert.Contains(skipping.Warnings, warning => warning.Contains("2 of 5", StringComparison.Ordinal));
        // With k = 2 nothing is infinite; that points coincide is only said.
        var larger = TwoSamples.TryFrom(new Points(x), new Points(y), new Problems())!.Estimate(new NearestNeighbour { K = 2 }, new Confidence { Resamples = 0 }, 1);
        Assert.Contains(larger.Warnings, warning => warning.StartsWith("2 of 5 points", StringComparison.Ordinal));
    }

    private static double Harmonic(int n) => Enumerable.Range(1, n - 1).Sum(i => 1.0 / i);

    private static double Distance(double[] a, double[] b, NeighbourMetric metric)
    {
        var differences = a.Zip(b, (x, y) => Math.Abs(x - y));
        return metric == NeighbourMetric.Chebyshev ? differences.Max() : Math.Sqrt(differences.Sum(difference => difference * difference));
    }

    private static double[][] Draw(int seed, int count, int d, double shift)
    {
        var random = new RandomStream(seed, 0, "test");
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, d).Select(_ => random.NextNormal() + shift).ToArray())];
    }
}
