using KlCore.Divergences;

namespace KlCore.Tests.Transport;

/// <summary>Positions and regularizations of any size.</summary>
public class ScaleTests
{
    [Theory]
    [InlineData(1, 8e307)]
    [InlineData(2, 1.2649110640673518e308)]
    public void Wasserstein_WholeRangeOfDoubles_IsFinite(int order, double expected) =>
        Near(expected, new Wasserstein { Order = order }.Between(Line([0.5, 0.5], [0.1, 0.9], -1e308, 1e308)).Value);

    [Theory]
    [InlineData(1e155)]
    [InlineData(1e300)]
    [InlineData(1.0)]
    [InlineData(1e-200)]
    [InlineData(1e-300)]
    public void Distances_InThePlane_GrowWithThePositions(double size)
    {
        // 0.4 of the mass goes along the diagonal.
        var pair = Pair.From([0.5, 0.5], [0.1, 0.9], new() { Positions = new([[0, 0], [size, size]]) });
        Near(Math.Sqrt(0.8) * size, new Wasserstein { Order = 2 }.Between(pair).Value);
        Near(0.4 * Math.Sqrt(2) * size, new Wasserstein().Between(pair).Value);
        Near(Math.Sqrt(0.32 * Math.Sqrt(2)) * Math.Sqrt(size), new EnergyDistance().Between(pair).Value);
    }

    [Fact]
    public void Distances_InThePlane_OfNearPointsBesideAFarOne_KeepTheirDigits()
    {
        var pair = Pair.From([0.5, 0.3, 0.2], [0.3, 0.5, 0.2], new() { Positions = new([[0, 0], [1e-170, 0], [0, 1]]) });
        Near(Math.Sqrt(0.2) * 1e-170, new Wasserstein { Order = 2 }.Between(pair).Value);
    }

    [Theory]
    [InlineData(1e308)]
    [InlineData(1e-320)]
    public void EnergyDistance_OnALineOfAnySize_IsThatOfTheFormula(double size) =>
        Assert.Equal(1, new EnergyDistance().Between(Line([0.5, 0.5], [0.1, 0.9], 0, size)).Value / (Math.Sqrt(0.32) * Math.Sqrt(size)), 1e-12);

    [Theory]
    [InlineData(-1e308, 1e308)]
    [InlineData(0, 1e308)]
    [InlineData(0, 1e155)]
    [InlineData(1e300, 1.0000000001e300)]
    public void Sinkhorn_RegularizationThatIsNothingBesideTheCosts_IsTransport(double x, double y)
    {
        var measured = new Sinkhorn { Regularization = 1 }.Between(Line([0.5, 0.5], [0.1, 0.9], x, y));
        var expected = 0.8 * (y / 2 - x / 2);
        Near(expected, measured.Value);
        Assert.InRange(measured.ErrorBound!.Value, 0, 1e-10 * expected);
    }

    [Theory]
    [InlineData(1e-11)]
    [InlineData(1e-16)]
    [InlineData(1e-300)]
    public void Sinkhorn_TinyRegularization_IsTransportWithinItsErrorBound(double regularization)
    {
        var pair = Pair.From([0.2, 0.3, 0.5], [0.1, 0.8, 0.1]);
        foreach (var value in Enum.GetValues<SinkhornValue>())
        {
            var measured = new Sinkhorn { Regularization = regularization, Value = value }.Between(pair);
            Assert.Equal(0.5, measured.Value, measured.ErrorBound!.Value);
            Assert.InRange(measured.ErrorBound.Value, 0, 1e-10);
        }
    }

    [Theory]
    [InlineData(1e-3)]
    [InlineData(1e-5)]
    [InlineData(1e-7)]
    [InlineData(1e-9)]
    public void Sinkhorn_SmallRegularization_IsRightOrRefused(double regularization)
    {
        // At these regularizations the entropy changes the cost by far less than the tolerance or the error bound says.
        var pair = Pair.From([0.2, 0.3, 0.5], [0.1, 0.8, 0.1]);
        try
        {
            var measured = new Sinkhorn { Regularization = regularization }.Between(pair);
            Assert.Equal(0.5, measured.Value, measured.ErrorBound!.Value + 2 * regularization);
        }
        catch (NotComputableException refused)
        {
            Assert.Equal("not-converged", refused.Code);
        }
    }

    [Theory]
    [InlineData(1e10)]
    [InlineData(1e18)]
    [InlineData(1e300)]
    public void Sinkhorn_HugeRegularization_IsTheIndependentPlan(double regularization)
    {
        double[] p = [0.2, 0.3, 0.5], q = [0.1, 0.8, 0.1];
        double Mean(double[] a, double[] b) => (from i in Enumerable.Range(0, 3) from j in Enumerable.Range(0, 3) select a[i] * b[j] * Math.Abs(i - j)).Sum();
        double Value(SinkhornValue value) => new Sinkhorn { Regularization = regularization, Value = value }.Between(Pair.From(p, q)).Value;
        Assert.Equal(Mean(p, q), Value(SinkhornValue.Cost), 1e-9);
        Assert.Equal(Mean(p, q), Value(SinkhornValue.Objective), 1e-9);
        Assert.Equal(Mean(p, q) - (Mean(p, p) + Mean(q, q)) / 2, Value(SinkhornValue.Divergence), 1e-9);
    }

    [Fact]
    public void Sinkhorn_NotConverged_SaysAnErrorThatProbabilitiesCanHave()
    {
        var random = new Random(8);
        double[] Weights() => [.. Enumerable.Range(0, 40).Select(_ => random.NextDouble())];
        var pair = Pair.From(Weights(), Weights(), new() { Input = InputKind.Weights });
        var said = Assert.Throws<NotComputableException>(() => new Sinkhorn { Regularization = 1e-6 }.Between(pair)).Message;
        var error = double.Parse(said.Split("off by ")[1].Split(' ')[0]);
        Assert.InRange(error, 0, 2);
    }

    [Theory]
    [InlineData("wasserstein")]
    [InlineData("sinkhorn")]
    [InlineData("energy-distance")]
    public void Between_Cancelled_Stops(string name)
    {
        Divergence measure = name switch { "wasserstein" => new Wasserstein(), "sinkhorn" => new Sinkhorn { Regularization = 0.1 }, _ => new EnergyDistance() };
        var pair = Pair.From([0.5, 0.5], [0.1, 0.9], new() { Positions = new([[0, 0], [1, 1]]) });
        Assert.Throws<OperationCanceledException>(() => measure.Between(pair, Unit.Nats, new CancellationToken(canceled: true)));
    }

    private static Pair Line(double[] p, double[] q, params double[] x) => Pair.From(p, q, new() { Positions = Positions.OnLine(x) });

    private static void Near(double expected, double value) => Assert.Equal(1, value / expected, 1e-14);
}
