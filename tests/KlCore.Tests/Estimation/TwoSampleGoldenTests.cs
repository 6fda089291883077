using System.Text.Json;
using KlCore.Estimation.Distances;
using KlCore.Transport;
using SinkhornValue = KlCore.Divergences.SinkhornValue;

namespace KlCore.Tests.Estimation;

/// <summary>Distances and tests between two samples against SciPy, POT, NumPy and enumeration (Reference/two_samples.py).</summary>
public class TwoSampleGoldenTests
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private static readonly Reference Golden = JsonSerializer.Deserialize<Reference>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "two_samples.json")), Web)!;

    public static TheoryData<string> Lines => [.. Golden.Lines.Select(line => line.Name)];

    public static TheoryData<string> Clouds => [.. Golden.Clouds.Select(cloud => cloud.Name)];

    public static TheoryData<string> Plans => [.. Golden.Plans.Select(plan => plan.Name)];

    [Theory]
    [MemberData(nameof(Lines))]
    public void Wasserstein_OnALine_IsTheDifferenceOfQuantiles(string name)
    {
        var line = Line(name);
        foreach (var (order, expected) in line.Wasserstein)
        {
            var estimator = new Wasserstein { Order = double.Parse(order) };
            Near(expected, Samples.Value(estimator, line.X, line.Y), 1e-12);
            Near(expected, Samples.ShuffledValue(estimator, line.X, line.Y), 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void EnergyDistance_OnALine_IsSciPys(string name)
    {
        var line = Line(name);
        Near(line.Energy, Samples.Value(new EnergyDistance(), line.X, line.Y), 1e-12);
        // The same points in a plane take the way over all pairs, where the mean distances cancel: their squares agree.
        var plane = Samples.Value(new EnergyDistance(), Samples.Lift(line.X), Samples.Lift(line.Y));
        Assert.Equal(line.Energy * line.Energy, plane * plane, 1e-13 * line.X.Concat(line.Y).Max(Math.Abs));
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void EnergyDistance_UnbiasedSquare_LeavesOutThePairsOfAPointWithItself(string name)
    {
        var line = Line(name);
        if (line.X.Length > 1000) return;
        double Mean(double[] a, double[] b, bool itself) => (from i in Enumerable.Range(0, a.Length) from j in Enumerable.Range(0, b.Length) where itself || i != j select Math.Abs(a[i] - b[j])).Average();
        var expected = 2 * Mean(line.X, line.Y, true) - Mean(line.X, line.X, false) - Mean(line.Y, line.Y, false);
        var tolerance = 1e-12 * line.X.Concat(line.Y).Max(Math.Abs);
        Assert.Equal(expected, Samples.Details(new EnergyDistance(), line.X, line.Y)["unbiasedSquare"], tolerance);
        Assert.Equal(expected, Samples.Details(new EnergyDistance(), Samples.Lift(line.X), Samples.Lift(line.Y))["unbiasedSquare"], tolerance);
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void KolmogorovSmirnov_DistanceAndProbabilities_AreSciPysAndEnumerated(string name)
    {
        var line = Line(name);
        Near(line.Smirnov, Samples.Value(new KolmogorovSmirnov(), line.X, line.Y), 1e-15);
        Near(line.SmirnovAsymptotic, Samples.Details(new KolmogorovSmirnov(), line.X, line.Y)["asymptoticPValue"], 1e-12);
        if (line.SmirnovExact is { } exact) Near(exact, Samples.PValue(new KolmogorovSmirnov(), line.X, line.Y)!.Value, 1e-9);
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void CramerVonMises_WithoutTies_IsSciPys(string name)
    {
        var line = Line(name);
        if (line.CramerVonMises is not { } expected) return;
        // SciPy subtracts sums of ranks, which cancel.
        Assert.Equal(expected, Samples.Value(new CramerVonMises(), line.X, line.Y), 1e-11);
        Assert.Equal(line.CramerVonMisesAsymptotic!.Value, Samples.Details(new CramerVonMises(), line.X, line.Y)["asymptoticPValue"], 1e-9);
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void PopulationStability_BinsBetweenQuantiles_IsNumPys(string name)
    {
        var line = Line(name);
        foreach (var expected in line.Stability.Where(_ => line.X.Distinct().Count() > 1))
        {
            var estimator = new PopulationStability { Bins = expected.Bins };
            var details = Samples.Details(estimator, line.X, line.Y);
            Near(expected.Value, Samples.Value(estimator, line.X, line.Y), 1e-12);
            Assert.Equal(expected.Used, details["bins"]);
            Assert.Equal(double.IsInfinity(expected.Value), details["emptyBins"] > 0);
            if (expected.PValue is { } probability) Near(probability, details["chiSquaredPValue"], 1e-9);
        }
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void MaximumMeanDiscrepancy_OnALine_IsNumPys(string name) => CheckDiscrepancy(Line(name).Discrepancy, Line(name).MedianBandwidth, Samples.Rows(Line(name).X), Samples.Rows(Line(name).Y));

    [Theory]
    [MemberData(nameof(Clouds))]
    public void MaximumMeanDiscrepancy_InSpace_IsNumPys(string name)
    {
        var cloud = Golden.Clouds.Single(cloud => cloud.Name == name);
        CheckDiscrepancy(cloud.Discrepancy, cloud.MedianBandwidth, cloud.X, cloud.Y);
    }

    [Theory]
    [MemberData(nameof(Clouds))]
    public void EnergyDistance_InSpace_IsNumPys(string name)
    {
        var cloud = Golden.Clouds.Single(cloud => cloud.Name == name);
        Near(cloud.Energy, Samples.Value(new EnergyDistance(), cloud.X, cloud.Y), 1e-12);
        Near(cloud.Energy, Samples.ShuffledValue(new EnergyDistance(), cloud.X, cloud.Y), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Clouds))]
    public void Wasserstein_InSpace_IsPots(string name)
    {
        var cloud = Golden.Clouds.Single(cloud => cloud.Name == name);
        foreach (var (order, expected) in cloud.Transport)
        {
            var estimator = new Wasserstein { Order = double.Parse(order) };
            Near(expected, Samples.Value(estimator, cloud.X, cloud.Y), 1e-12);
            Near(expected, Samples.ShuffledValue(estimator, cloud.X, cloud.Y), 1e-12);
            Assert.InRange(Samples.Details(estimator, cloud.X, cloud.Y)["errorBound"], 0, 1e-14 * Math.Pow(expected, estimator.Order));
        }
    }

    [Theory]
    [MemberData(nameof(Clouds))]
    public void Sinkhorn_Converged_IsThatOfLogSumExps(string name)
    {
        var cloud = Golden.Clouds.Single(cloud => cloud.Name == name);
        foreach (var expected in cloud.Entropic)
        {
            var estimator = new Sinkhorn { Order = expected.Order, Regularization = expected.Regularization };
            Near(expected.Cost, Samples.Value(estimator with { Value = SinkhornValue.Cost }, cloud.X, cloud.Y), 1e-9);
            Near(expected.Objective, Samples.Value(estimator with { Value = SinkhornValue.Objective }, cloud.X, cloud.Y), 1e-9);
            Near(expected.Divergence, Samples.Value(estimator, cloud.X, cloud.Y), 1e-7);
            var details = Samples.Details(estimator, cloud.X, cloud.Y);
            Assert.InRange(Math.Abs(expected.Divergence - Samples.Value(estimator, cloud.X, cloud.Y)), 0, details["errorBound"] + 1e-12 * expected.Cost);
            Assert.InRange(details["marginalError"], 0, 1e-9);
            var wasserstein = new Wasserstein { Order = expected.Order, Method = TransportMethod.Sinkhorn, Regularization = expected.Regularization };
            Near(Math.Pow(expected.Cost, 1.0 / expected.Order), Samples.Value(wasserstein, cloud.X, cloud.Y), 1e-9);
        }
    }

    [Theory]
    [MemberData(nameof(Plans))]
    public void ExactTransport_AnyCosts_IsTheLinearProgram(string name)
    {
        var plan = Golden.Plans.Single(plan => plan.Name == name);
        var found = ExactTransport.Solve(plan.P, plan.Q, plan.Costs, CancellationToken.None);
        Assert.Equal(plan.Least, found.Cost, 1e-9 * Math.Max(1, plan.Least));
        Assert.InRange(found.ErrorBound, 0, 1e-14 * plan.P.Sum() * plan.Costs.Max());
    }

    [Theory]
    [InlineData(0.34730, 0.10)]
    [InlineData(0.46136, 0.05)]
    [InlineData(0.74346, 0.01)]
    [InlineData(1.16786, 0.001)]
    public void CramerVonMises_Limit_HasTheTabulatedQuantiles(double quantile, double probability) =>
        Near(probability, CramerVonMisesTest.OfLimit(quantile), 1e-4);

    private static void CheckDiscrepancy(Discrepancy[] expected, double median, double[][] x, double[][] y)
    {
        if (x.Length + y.Length <= 1500) Near(median, Samples.Details(new MaximumMeanDiscrepancy(), x, y)["bandwidth"], 1e-13);
        foreach (var (bandwidth, unbiased, biased) in expected)
        {
            var estimator = new MaximumMeanDiscrepancy { Bandwidth = bandwidth };
            Assert.Equal(unbiased, Samples.Value(estimator, x, y), 1e-13);
            Assert.Equal(biased, Samples.Value(estimator with { Variant = DiscrepancyVariant.Biased }, x, y), 1e-13);
            if (x.Length < 1000) Assert.Equal(unbiased, Samples.ShuffledValue(estimator, x, y), 1e-13);
        }
    }

    private static GoldenLine Line(string name) => Golden.Lines.Single(line => line.Name == name);

    private static void Near(double expected, double value, double tolerance) =>
        Assert.True(expected == value || Math.Abs(expected - value) <= tolerance * Math.Abs(expected), $"expected {expected:R}, was {value:R}");

    private sealed record Reference(GoldenLine[] Lines, GoldenCloud[] Clouds, GoldenPlan[] Plans);

    private sealed record GoldenLine(
        string Name, double[] X, double[] Y, Dictionary<string, double> Wasserstein, double Energy, double Smirnov, double? SmirnovExact, double SmirnovAsymptotic,
        double? CramerVonMises, double? CramerVonMisesAsymptotic, Stability[] Stability, double MedianBandwidth, Discrepancy[] Discrepancy);

    private sealed record GoldenCloud(string Name, double[][] X, double[][] Y, double Energy, Dictionary<string, double> Transport, double MedianBandwidth, Discrepancy[] Discrepancy, Entropic[] Entropic);

    private sealed record Entropic(int Order, double Regularization, double Cost, double Objective, double Divergence);

    private sealed record GoldenPlan(string Name, double[] P, double[] Q, double[] Costs, double Least);

    private sealed record Stability(int Bins, double Value, int Used, double? PValue);

    private sealed record Discrepancy(double Bandwidth, double Unbiased, double Biased);
}
