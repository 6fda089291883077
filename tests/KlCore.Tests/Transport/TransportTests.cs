using KlCore.Divergences;

namespace KlCore.Tests.Transport;

public class TransportTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Wasserstein_EquallyHeavyPoints_IsTheBestAssignment(int order)
    {
        const int Half = 6;
        var random = new Random(5);
        for (var repetition = 0; repetition < 10; repetition++)
        {
            var points = Enumerable.Range(0, 2 * Half).Select(_ => new[] { random.NextDouble(), random.NextDouble(), random.NextDouble() }).ToArray();
            var p = Enumerable.Range(0, 2 * Half).Select(i => i < Half ? 1.0 : 0).ToArray();
            var q = Enumerable.Range(0, 2 * Half).Select(i => i < Half ? 0.0 : 1).ToArray();
            var best = Permutations([.. Enumerable.Range(Half, Half)], 0).Min(others => others.Select((j, i) => Math.Pow(Distance(points[i], points[j]), order)).Sum()) / Half;
            Assert.Equal(Math.Pow(best, 1.0 / order), Measure(new Wasserstein { Order = order }, p, q, points), 1e-14);
        }
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(1e-10)]
    public void Wasserstein_LineInThePlane_IsThatOfTheLine(double difference)
    {
        var random = new Random(6);
        for (var repetition = 0; repetition < 20; repetition++)
        {
            var p = Enumerable.Range(0, 12).Select(_ => random.NextDouble()).ToArray();
            var q = p.Select(value => value * (1 + difference * random.NextDouble())).ToArray();
            var x = p.Select(_ => Math.Round(10 * random.NextDouble())).ToArray();
            double[][] line = [.. x.Select(value => new[] { value })], plane = [.. x.Select(value => new[] { 0.6 * value, 0.8 * value })];
            foreach (var measure in (Divergence[])[new Wasserstein(), new Wasserstein { Order = 2 }, new EnergyDistance()])
                Assert.Equal(1, Measure(measure, p, q, plane) / Measure(measure, p, q, line), 1e-9);
        }
    }

    [Fact]
    public void Wasserstein_FarCoordinates_DoNotOverflow()
    {
        double[][] points = [[-1e200], [1e200]];
        Assert.Equal(2e200, Measure(new Wasserstein { Order = 2 }, [1, 0], [0, 1], points), 1e186);
        Assert.Equal(Math.Sqrt(8) * 1e200, Measure(new Wasserstein(), [1, 0], [0, 1], [[-1e200, 0], [1e200, -2e200]]), 1e186);
    }

    [Fact]
    public void Wasserstein_ManyPoints_IsRefusedBeforeItIsSlow()
    {
        var points = Enumerable.Range(0, Wasserstein.MaximumPoints + 1).Select(i => new[] { i, 0.0 }).ToArray();
        var ones = Array.ConvertAll(points, _ => 1.0);
        Assert.Throws<TooCostlyException>(() => Measure(new Wasserstein(), ones, ones, points));
    }

    [Fact]
    public void Wasserstein_ManyPoints_AgreesWithTheLine()
    {
        var random = new Random(7);
        double[] Weights() => [.. Enumerable.Range(0, 100).Select(_ => random.NextDouble())];
        var (p, q, x) = (Weights(), Weights(), Weights());
        Assert.Equal(
            Measure(new Wasserstein { Order = 2 }, p, q, [.. x.Select(value => new[] { value })]),
            Measure(new Wasserstein { Order = 2 }, p, q, [.. x.Select(value => new[] { value, 1 })]), 1e-12);
    }

    [Theory]
    [InlineData(0.3, 0.6, 0.5)]
    [InlineData(0.3, 0.6, 0.05)]
    [InlineData(0.5, 0.5, 2)]
    public void Sinkhorn_TwoPoints_SolvesTheQuadraticEquation(double a, double b, double regularization)
    {
        // The plan with P11 = x has x (1 - a - b + x) = e^(2/eps) (a - x)(b - x).
        var e = Math.Exp(2 / regularization);
        var (two, one, zero) = (1 - e, 1 - a - b + e * (a + b), -e * a * b);
        var x = (-one + Math.Sqrt(one * one - 4 * two * zero)) / (2 * two);
        var measured = new Sinkhorn { Regularization = regularization }.Between(Pair.From([a, 1 - a], [b, 1 - b]));
        Assert.Equal(Method.Estimate, measured.Method);
        Assert.InRange(measured.ErrorBound!.Value, 0, 1e-9);
        Assert.Equal(a + b - 2 * x, measured.Value, measured.ErrorBound.Value + 1e-12);
    }

    [Fact]
    public void Sinkhorn_LittleRegularization_TendsToWasserstein()
    {
        var pair = Pair.From([0.2, 0.5, 0.3], [0.5, 0.1, 0.4]);
        Assert.Equal(new Wasserstein().Between(pair).Value, new Sinkhorn { Regularization = 0.01 }.Between(pair).Value, 1e-6);
        Assert.Equal(Math.Pow(new Wasserstein { Order = 2 }.Between(pair).Value, 2), new Sinkhorn { Regularization = 0.01, Order = 2 }.Between(pair).Value, 1e-6);
    }

    [Fact]
    public void Sinkhorn_NoConvergence_IsNoNumber()
    {
        var random = new Random(8);
        double[] Weights() => [.. Enumerable.Range(0, 300).Select(_ => random.NextDouble())];
        var pair = Pair.From(Weights(), Weights(), new() { Input = InputKind.Weights });
        Assert.Equal("not-converged", Assert.Throws<NotComputableException>(() => new Sinkhorn { Regularization = 1e-6 }.Between(pair)).Code);
    }

    [Fact]
    public void Between_WhenCancelled_StopsWithinTheMeasure()
    {
        var random = new Random(9);
        double[] Weights() => [.. Enumerable.Range(0, 100).Select(_ => random.NextDouble())];
        var points = Enumerable.Range(0, 100).Select(_ => new[] { random.NextDouble(), random.NextDouble() }).ToArray();
        var pair = Pair.From(Weights(), Weights(), new() { Input = InputKind.Weights, Positions = new(points) });
        Divergence[] measures = [new Wasserstein(), new Sinkhorn { Regularization = 0.1 }, new EnergyDistance()];
        Assert.All(measures, measure => Assert.Throws<OperationCanceledException>(() => measure.Between(pair, cancellation: new CancellationToken(canceled: true))));
    }

    [Fact]
    public void KolmogorovSmirnov_TiedCoordinates_CountsThemAsOne()
    {
        Assert.Equal(0, Measure(new KolmogorovSmirnov(), [0.5, 0.5, 1], [1, 0, 1], [[3], [3], [4]]), 1e-16);
        Assert.Equal("not-on-a-line", Assert.Throws<NotComputableException>(() => Measure(new KolmogorovSmirnov(), [1, 1], [1, 2], [[0, 0], [1, 1]])).Code);
    }

    [Fact]
    public void Positions_Illegal_AreNamed()
    {
        var problems = new Problems();
        new Positions([[1], [2, 3], [double.NaN], []]).Check(5, problems);
        Assert.Equal(["", "/1", "/2", "/3"], problems.ByPointer().Keys);
    }

    private static double Measure(Divergence measure, double[] p, double[] q, double[][] points) =>
        measure.Between(Pair.From(p, q, new() { Input = InputKind.Weights, Positions = new(points) })).Value;

    private static double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum());

    private static IEnumerable<int[]> Permutations(int[] items, int from)
    {
        if (from == items.Length) yield return [.. items];
        for (var i = from; i < items.Length; i++)
        {
            (items[from], items[i]) = (items[i], items[from]);
            foreach (var permutation in Permutations(items, from + 1)) yield return permutation;
            (items[from], items[i]) = (items[i], items[from]);
        }
    }
}
