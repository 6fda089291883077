using KlCore.Distributions;
using KlCore.Numerics;

namespace KlCore.Tests.Distributions;

/// <summary>What holds for any two Gaussians.</summary>
public class GaussianLawTests
{
    public static TheoryData<int> Dimensions => [1, 2, 3, 7, 8, 9, 63, 64, 65, 72, 130];

    [Theory]
    [MemberData(nameof(Dimensions))]
    public void Compare_AnyTwo_IsNeverNegative(int d)
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var measured = GaussianPair.From(Random(d, seed), Random(d, seed + 100)).Compare();
            Assert.All([measured.Forward.Value, measured.Reverse.Value, measured.Bhattacharyya, measured.Wasserstein2], value => Assert.True(value > 0));
            Assert.InRange(measured.Hellinger, 0, 1);
        }
    }

    [Theory]
    [MemberData(nameof(Dimensions))]
    public void Compare_TheSame_IsExactlyZero(int d)
    {
        foreach (var gaussian in new[] { Random(d, 1), ByFactor(d, 2), new Gaussian { Mean = Mean(d, 3), Variances = Positive(d, 3) } })
        {
            var measured = GaussianPair.From(gaussian, gaussian).Compare();
            Assert.All([measured.Forward.Value, measured.Reverse.Value, measured.Bhattacharyya, measured.Hellinger, measured.Wasserstein2], value => Assert.Equal(0, value));
            Assert.Equal((0, d, 0), (measured.Forward.Mahalanobis, measured.Forward.Trace, measured.Forward.LogDeterminant));
        }
    }

    [Theory]
    [MemberData(nameof(Dimensions))]
    public void Compare_Terms_AddUpToTheValue(int d)
    {
        var measured = GaussianPair.From(Random(d, 4), ByFactor(d, 5)).Compare();
        foreach (var directed in new[] { measured.Forward, measured.Reverse })
            Assert.Equal((directed.Trace - d + directed.Mahalanobis + directed.LogDeterminant) / 2, directed.Value, 1e-11 * directed.Value);
        Assert.Equal(measured.Forward.Value + measured.Reverse.Value, measured.Jeffreys());
        Assert.Equal(1 - Math.Exp(-measured.Bhattacharyya), measured.Hellinger * measured.Hellinger, 1e-14);
    }

    /// <summary>x → A x + b with a lower triangular A changes no divergence.</summary>
    [Theory]
    [MemberData(nameof(Dimensions))]
    public void Compare_AffineImages_DivergeAsMuch(int d)
    {
        var (p, q, map) = (ByFactor(d, 6), ByFactor(d, 7), Factor(d, 8));
        var (before, after) = (GaussianPair.From(p, q).Compare(), GaussianPair.From(Image(p, map), Image(q, map)).Compare());
        AssertNear(before.Forward.Value, after.Forward.Value, 1e-10);
        AssertNear(before.Reverse.Value, after.Reverse.Value, 1e-10);
        AssertNear(before.Bhattacharyya, after.Bhattacharyya, 1e-10);
    }

    /// <summary>Of independent parts the divergences add up, and the squares of Wasserstein distances do.</summary>
    [Theory]
    [InlineData(3, 4)]
    [InlineData(30, 50)]
    [InlineData(70, 80)]
    public void Compare_Products_AddUp(int first, int second)
    {
        var (a, b) = (GaussianPair.From(Random(first, 9), Random(first, 10)).Compare(), GaussianPair.From(Random(second, 11), Random(second, 12)).Compare());
        var both = GaussianPair.From(Product(Random(first, 9), Random(second, 11)), Product(Random(first, 10), Random(second, 12))).Compare();
        AssertNear(a.Forward.Value + b.Forward.Value, both.Forward.Value, 1e-12);
        AssertNear(a.Bhattacharyya + b.Bhattacharyya, both.Bhattacharyya, 1e-12);
        AssertNear(Math.Sqrt(a.Wasserstein2 * a.Wasserstein2 + b.Wasserstein2 * b.Wasserstein2), both.Wasserstein2, 1e-12);
    }

    [Fact]
    public void Compare_InOneDimension_IsTheClosedForm()
    {
        var random = new RandomStream(1, 0, "line");
        for (var i = 0; i < 200; i++)
        {
            var (m, n, s, t) = (random.NextNormal(), random.NextNormal(), Math.Exp(3 * random.NextNormal()), Math.Exp(3 * random.NextNormal()));
            var measured = GaussianPair.From(new Gaussian { Mean = new Location(m), StandardDeviation = s }, new Gaussian { Mean = new Location([n]), Covariance = [[t * t]] }).Compare();
            AssertNear(Math.Log(t / s) + (s * s + (m - n) * (m - n)) / (2 * t * t) - 0.5, measured.Forward.Value, 1e-9);
            AssertNear(Math.Sqrt((s - t) * (s - t) + (m - n) * (m - n)), measured.Wasserstein2, 1e-9);
        }
    }

    /// <summary>The two ways of computing, below and above 64 dimensions, on the same numbers.</summary>
    [Fact]
    public void Compare_PaddedByEqualCoordinates_ChangesNothing()
    {
        var (p, q) = (Random(60, 13), Random(60, 14));
        var rest = new Gaussian { Mean = new Location(new double[20]), Covariance = Unit(20) };
        var (few, many) = (GaussianPair.From(p, q).Compare(), GaussianPair.From(Product(p, rest), Product(q, rest)).Compare());
        AssertNear(few.Forward.Value, many.Forward.Value, 1e-13);
        AssertNear(few.Reverse.Value, many.Reverse.Value, 1e-13);
        AssertNear(few.Bhattacharyya, many.Bhattacharyya, 1e-13);
        AssertNear(few.Wasserstein2, many.Wasserstein2, 1e-13);
    }

    private static Gaussian Random(int d, int seed) => new() { Mean = Mean(d, seed), Covariance = Square(Factor(d, seed)) };

    private static Gaussian ByFactor(int d, int seed) => new() { Mean = Mean(d, seed), CholeskyFactor = Factor(d, seed) };

    private static Location Mean(int d, int seed)
    {
        var random = new RandomStream(seed, 0, "mean");
        return new Location([.. Enumerable.Range(0, d).Select(_ => random.NextNormal())]);
    }

    private static double[] Positive(int d, int seed) => [.. Mean(d, seed).Coordinates.ToArray().Select(Math.Exp)];

    private static double[][] Factor(int d, int seed)
    {
        var random = new RandomStream(seed, 0, "factor");
        return [.. Enumerable.Range(0, d).Select(i => Enumerable.Range(0, d).Select(j => j > i ? 0 : j == i ? 1 + random.NextUniform() : random.NextNormal() / Math.Sqrt(4 * d)).ToArray())];
    }

    private static double[][] Unit(int d) => [.. Enumerable.Range(0, d).Select(i => Enumerable.Range(0, d).Select(j => i == j ? 1.0 : 0.0).ToArray())];

    private static double[][] Square(double[][] lower) =>
        [.. lower.Select(row => lower.Select(other => row.Zip(other, (x, y) => x * y).Sum()).ToArray())];

    private static Gaussian Image(Gaussian gaussian, double[][] map)
    {
        var d = map.Length;
        double Row(int i, Func<int, double> of) => Enumerable.Range(0, d).Sum(k => map[i][k] * of(k));
        var mean = gaussian.Mean.Coordinates.ToArray();
        return new Gaussian
        {
            Mean = new Location([.. Enumerable.Range(0, d).Select(i => 1 + Row(i, k => mean[k]))]),
            CholeskyFactor = [.. Enumerable.Range(0, d).Select(i => Enumerable.Range(0, d).Select(j => Row(i, k => gaussian.CholeskyFactor![k][j])).ToArray())],
        };
    }

    private static Gaussian Product(Gaussian a, Gaussian b)
    {
        var (m, n) = (a.Mean.Dimension, b.Mean.Dimension);
        return new Gaussian
        {
            Mean = new Location([.. a.Mean.Coordinates, .. b.Mean.Coordinates]),
            Covariance = [.. a.Covariance!.Select(row => (double[])[.. row, .. new double[n]]), .. b.Covariance!.Select(row => (double[])[.. new double[m], .. row])],
        };
    }

    private static void AssertNear(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Abs(expected), $"{expected:R} expected, was {actual:R}");
}
