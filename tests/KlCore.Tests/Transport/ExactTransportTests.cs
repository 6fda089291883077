using KlCore.Divergences;
using KlCore.Transport;

namespace KlCore.Tests.Transport;

/// <summary>The network simplex against brute force and against its own certificate.</summary>
public class ExactTransportTests
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(3, 3)]
    [InlineData(100, 1)]
    public void Solve_SmallAssignments_AreTheBestPermutation(int distinctCosts, int seed)
    {
        var random = new Random(seed);
        for (var repetition = 0; repetition < 60; repetition++)
        {
            var n = random.Next(1, 7);
            var costs = Enumerable.Range(0, n * n).Select(_ => (double)random.Next(distinctCosts)).ToArray();
            var ones = Enumerable.Repeat(1.0, n).ToArray();
            Assert.Equal(Best(costs, n, 0, 0), ExactTransport.Solve(ones, ones, costs, CancellationToken.None).Cost);
        }
    }

    [Theory]
    [InlineData(40, 40, 5)]
    [InlineData(60, 35, 3)]
    [InlineData(200, 200, 2)]
    [InlineData(3, 300, 1000)]
    public void Solve_WholeMassesAndCosts_IsProvedOptimalWithoutRounding(int n, int m, int distinctCosts)
    {
        // With whole numbers every potential is whole, so that the gap is 0 but for what is allowed for the sum.
        var random = new Random(n + m);
        var costs = Enumerable.Range(0, n * m).Select(_ => (double)random.Next(distinctCosts)).ToArray();
        var (supplies, demands) = (Enumerable.Repeat((double)m, n).ToArray(), Enumerable.Repeat((double)n, m).ToArray());
        var found = ExactTransport.Solve(supplies, demands, costs, CancellationToken.None);
        Assert.Equal(Math.Round(found.Cost), found.Cost);
        Assert.InRange(found.ErrorBound, 0, 4e-16 * found.Cost);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Between_LatticeWithEqualMasses_AgreesWithSourcesAndSinksApart(int order)
    {
        // Ties everywhere: many plans are best, and most steps move nothing.
        var points = Enumerable.Range(0, 144).Select(i => new double[] { i % 12, i / 12 }).ToArray();
        var random = new Random(11);
        var p = points.Select(_ => (double)random.Next(3)).ToArray();
        double[] q = [.. p.Reverse()], difference = [.. q.Zip(p, (a, b) => a - b)];
        double Cost(int i, int j) => Math.Pow(Ground.Distance(points[i], points[j]), order);
        var (sources, sinks) = (Positive(p), Positive(q));
        var apart = ExactTransport.Solve(
            [.. sources.Select(i => p[i])], [.. sinks.Select(j => q[j])], [.. from i in sources from j in sinks select Cost(i, j)], CancellationToken.None);
        var found = ExactTransport.Between(p, difference, Cost, order == 1, CancellationToken.None);
        Assert.Equal(1, found.Cost / apart.Cost, 1e-13);
        Assert.InRange(found.ErrorBound, 0, 1e-12 * found.Cost);
    }

    [Fact]
    public void Between_MassesOfEverySize_KeepTheirDigits()
    {
        // A third place between the two is no help to a mass of 1e-300 beside masses of 1.
        double[][] points = [[0, 0], [3, 4], [100, 0]];
        double Cost(int i, int j) => Ground.Distance(points[i], points[j]);
        var found = ExactTransport.Between([1, 1e-300, 2], [-1e-300, 1e-300, 0], Cost, isDistance: true, CancellationToken.None);
        Assert.Equal(1, found.Cost / 5e-300, 1e-14);
        var square = ExactTransport.Between([1, 1e-300, 2], [-1e-300, 1e-300, 0], (i, j) => Cost(i, j) * Cost(i, j), isDistance: false, CancellationToken.None);
        Assert.Equal(1, square.Cost / 25e-300, 1e-14);
    }

    [Fact]
    public void Between_SquaredDistances_MoveTheCommonMassOutOfTheWay()
    {
        // 0 -> 1 -> 2 in two steps costs 2, in one 4.
        var found = ExactTransport.Between([1, 1, 0], [-1, 0, 1], (i, j) => (i - j) * (i - j), isDistance: false, CancellationToken.None);
        Assert.Equal(2, found.Cost);
    }

    [Fact]
    public void Wasserstein_AThousandPoints_AgreesWithTheLine()
    {
        var random = new Random(12);
        double[] Draw() => [.. Enumerable.Range(0, 1000).Select(_ => random.NextDouble())];
        var (p, q, x) = (Draw(), Draw(), Draw());
        double Distance(Func<double, double[]> point) =>
            new Wasserstein().Between(Pair.From(p, q, new() { Input = InputKind.Weights, Positions = new([.. x.Select(point)]) })).Value;
        Assert.Equal(1, Distance(v => [v]) / Distance(v => [0.6 * v, 0.8 * v]), 1e-12);
    }

    private static double Best(double[] costs, int n, int row, int taken)
    {
        if (row == n) return 0;
        return Enumerable.Range(0, n).Where(j => (taken & (1 << j)) == 0).Min(j => costs[row * n + j] + Best(costs, n, row + 1, taken | (1 << j)));
    }

    private static int[] Positive(double[] masses) => [.. Enumerable.Range(0, masses.Length).Where(i => masses[i] > 0)];
}
