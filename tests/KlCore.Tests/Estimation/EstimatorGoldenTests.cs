using System.Text.Json;
using KlCore.Estimation;
using KlCore.Estimation.Dependence;
using KlCore.Estimation.Entropies;
using KlCore.Estimation.Neighbours;

namespace KlCore.Tests.Estimation;

/// <summary>Estimators against NumPy, SciPy and scikit-learn (Reference/estimators.py).</summary>
public class EstimatorGoldenTests
{
    private static readonly Reference Golden = JsonSerializer.Deserialize<Reference>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "estimators.json")), new JsonSerializerOptions(JsonSerializerDefaults.Web))!;

    private static readonly Confidence None = new() { Resamples = 0, Permutations = 0 };

    public static TheoryData<string> Cases => [.. Golden.Cases.Select(known => known.Name)];

    public static TheoryData<string> Paired => [.. Golden.Pairs.Select(known => known.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void NearestNeighbourEntropy_EveryMetric_IsTheFormulaOverAllPairs(string name)
    {
        foreach (var (k, metric, value) in Case(name).Entropy)
            Assert.Equal(value, Entropy(Case(name).X, new NearestNeighbourEntropy { K = k, Metric = Enum.Parse<NeighbourMetric>(metric, ignoreCase: true) }), 1e-12);
    }

    /// <summary>In other units the entropy is another by d ln of their ratio, however large or small they are.</summary>
    [Theory]
    [InlineData(1e250)]
    [InlineData(1e-250)]
    public void Entropies_InOtherUnits_DifferByTheirLogarithm(double unit)
    {
        var x = Case("line").X;
        double[][] scaled = [.. x.Select(row => new[] { row[0] * unit })];
        foreach (var estimator in (EntropyEstimator[])[new NearestNeighbourEntropy(), new SpacingEntropy()])
            Assert.Equal(Entropy(x, estimator) + Math.Log(unit), Entropy(scaled, estimator), 1e-11);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void GaussianEntropy_OfMoments_IsNumPys(string name) => Assert.Equal(Case(name).GaussianEntropy, Entropy(Case(name).X, new GaussianEntropy()), 1e-12);

    [Fact]
    public void SpacingEntropy_EveryWindow_IsSciPys()
    {
        foreach (var (window, variant, value) in Golden.Spacings)
            Assert.Equal(value, Entropy(Case("line").X, new SpacingEntropy { Window = window, Variant = Enum.Parse<SpacingVariant>(variant, ignoreCase: true) }), 1e-12);
        Assert.Throws<NotComputableException>(() => Entropy([[1], [1], [1], [1], [1], [2], [3]], new SpacingEntropy { Window = 1 }));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gaussian_OfMoments_IsNumPys(string name) => Assert.Equal(Case(name).Gaussian, Samples.Value(new GaussianPlugIn(), Case(name).X, Case(name).Y), 1e-12);

    [Theory]
    [MemberData(nameof(Paired))]
    public void NearestNeighbourInformation_BothAlgorithms_AreTheFormulasOverAllPairs(string name)
    {
        var known = Golden.Pairs.Single(pairs => pairs.Name == name);
        foreach (var (k, variant, value) in known.Neighbours)
        {
            var estimator = new NearestNeighbourInformation { K = k, Variant = variant == 1 ? InformationVariant.Ksg1 : InformationVariant.Ksg2 };
            Assert.Equal(value, Information(known.X, known.Y, estimator), 1e-12);
            // Which side comes first changes nothing, and neither does the order of the pairs.
            Assert.Equal(value, Information(known.Y, known.X, estimator), 1e-12);
            Assert.Equal(value, Information([.. known.X.Reverse()], [.. known.Y.Reverse()], estimator), 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Paired))]
    public void GaussianInformation_OfMoments_IsNumPys(string name)
    {
        var known = Golden.Pairs.Single(pairs => pairs.Name == name);
        Assert.Equal(known.Gaussian, Information(known.X, known.Y, new GaussianInformation()), 1e-12);
    }

    /// <summary>Repeated numbers: counts strictly below a radius of 0 are 0, and nothing is infinite.</summary>
    [Fact]
    public void NearestNeighbourInformation_OfRepeatedPairs_IsFinite()
    {
        double[][] x = [.. Enumerable.Range(0, 60).Select(i => new double[] { i % 3 })], y = [.. Enumerable.Range(0, 60).Select(i => new double[] { i % 2 })];
        foreach (var variant in Enum.GetValues<InformationVariant>()) Assert.True(double.IsFinite(Information(x, y, new NearestNeighbourInformation { K = 3, Variant = variant })));
    }

    [Fact]
    public void PValues_OfDependentPairs_AreSmallAndOfIndependentOnesAreNot()
    {
        var known = Golden.Pairs[0];
        double P(double[][] x, double[][] y) => Pairs.TryFrom(new Points(x), new Points(y), new Problems())!.Estimate([new NearestNeighbourInformation()], new Confidence { Resamples = 20, Permutations = 99 }, 1)[0].PValue!.Value;
        Assert.Equal(0.01, P(known.X, known.Y));
        Assert.True(P(known.X, [.. known.Y.Skip(40), .. known.Y.Take(40)]) > 0.03);
    }

    private static double Entropy(double[][] x, EntropyEstimator estimator) => OneSample.TryFrom(new Points(x), new Problems())!.Estimate([estimator], None, 1)[0].Value;

    private static double Information(double[][] x, double[][] y, MutualInformationEstimator estimator) =>
        Pairs.TryFrom(new Points(x), new Points(y), new Problems())!.Estimate([estimator], None, 1)[0].Value;

    private static KnownCase Case(string name) => Golden.Cases.Single(known => known.Name == name);

    private sealed record Reference(KnownCase[] Cases, KnownSpacing[] Spacings, KnownPairs[] Pairs);

    private sealed record KnownCase(string Name, double[][] X, double[][] Y, KnownEntropy[] Entropy, double GaussianEntropy, double Gaussian, Dictionary<string, double> Kernel, Dictionary<string, double> KernelEntropy, double[] Logistic);

    private sealed record KnownEntropy(int K, string Metric, double Value);

    private sealed record KnownSpacing(int? Window, string Variant, double Value);

    private sealed record KnownPairs(string Name, double[][] X, double[][] Y, double Gaussian, KnownInformation[] Neighbours);

    private sealed record KnownInformation(int K, int Variant, double Value);
}
