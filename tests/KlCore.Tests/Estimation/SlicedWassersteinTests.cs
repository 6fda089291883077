using KlCore.Estimation;
using KlCore.Estimation.Distances;

namespace KlCore.Tests.Estimation;

public class SlicedWassersteinTests
{
    private static readonly Random Random = new(3);

    [Fact]
    public void Of_PointsOnALine_IsTheWassersteinDistance()
    {
        var (x, y) = (Cloud(40, 1), Cloud(30, 1));
        foreach (var order in new[] { 1, 2, 3.5 })
            Assert.Equal(Samples.Value(new Wasserstein { Order = order }, x, y), Samples.Value(new SlicedWasserstein { Order = order }, x, y), 1e-13);
    }

    [Fact]
    public void Of_AShift_IsTheMeanLengthOfItsProjection()
    {
        // E|u.v| = |v| Gamma(d/2)/(sqrt(pi) Gamma((d+1)/2)) for a uniform direction u: 2/pi in the plane, 1/2 in space; E(u.v)^2 = |v|^2/d.
        foreach (var (dimension, mean) in new[] { (2, 2 / Math.PI), (3, 0.5) })
        {
            var x = Cloud(20, dimension);
            double[][] y = [.. x.Select(point => point.Select(v => v + 5).ToArray())];
            var shift = 5 * Math.Sqrt(dimension);
            var first = new SlicedWasserstein { Projections = 4000 };
            Assert.Equal(mean * shift, Samples.Value(first, x, y), 5 * Samples.Details(first, x, y)["directionError"]);
            Assert.InRange(Samples.Details(first, x, y)["directionError"], 1e-3 * shift, 1e-2 * shift);
            var second = first with { Order = 2 };
            Assert.Equal(shift / Math.Sqrt(dimension), Samples.Value(second, x, y), 5 * Samples.Details(second, x, y)["directionError"]);
        }
    }

    [Fact]
    public void Of_AnySamples_IsAtMostTheWassersteinDistance()
    {
        var (x, y) = (Cloud(40, 3), Cloud(30, 3));
        Assert.InRange(Samples.Value(new SlicedWasserstein { Order = 2 }, x, y), 0, Samples.Value(new Wasserstein { Order = 2 }, x, y));
    }

    [Fact]
    public void Estimate_SameSeed_IsTheSameNumber()
    {
        var samples = TwoSamples.TryFrom(new Points(Cloud(30, 2)), new Points(Cloud(30, 2)), new Problems())!;
        double Value(long seed) => samples.Estimate(new SlicedWasserstein(), new Confidence { Resamples = 0, Permutations = 0 }, seed).Value;
        Assert.Equal(Value(1), Value(1));
        Assert.NotEqual(Value(1), Value(2));
    }

    private static double[][] Cloud(int count, int dimension) => [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, dimension).Select(_ => Random.NextDouble()).ToArray())];
}
