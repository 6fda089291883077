using System.Text.Json;
using KlCore.Distributions;
using KlCore.Estimation;
using KlCore.Estimation.Classification;
using KlCore.Estimation.Dependence;
using KlCore.Estimation.Entropies;
using KlCore.Estimation.Kernels;
using KlCore.Estimation.Neighbours;

namespace KlCore.Tests.Estimation;

/// <summary>Estimators against NumPy, SciPy and scikit-learn (Reference/estimators.py).</summary>
public class EstimatorGoldenTests
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    private static readonly Reference Golden = JsonSerializer.Deserialize<Reference>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "estimators.json")), Web)!;

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
    [MemberData(nameof(Cases))]
    public void KernelDensity_ByEveryRule_IsSciPysWithThePointItselfLeftOut(string name)
    {
        foreach (var (rule, value) in Case(name).Kernel)
        {
            var bandwidth = new KernelBandwidth(Enum.Parse<KernelRule>(rule, ignoreCase: true));
            Assert.Equal(value, Samples.Value(new KernelDensity { Bandwidth = bandwidth }, Case(name).X, Case(name).Y), 1e-9);
            Assert.Equal(Case(name).KernelEntropy[rule], Entropy(Case(name).X, new KernelEntropy { Bandwidth = bandwidth }), 1e-9);
        }
    }

    /// <summary>A number is a width, in the unit of the coordinates, and far away the nearest kernel decides: -(5 - 0)^2/2 at h = 1e-3 is far below the smallest double.</summary>
    [Fact]
    public void KernelDensity_OfANumber_IsTheMeanOfNormalDensities()
    {
        double Density(double at, double[] around, double h) => around.Average(x => Math.Exp(-0.5 * (at - x) * (at - x) / h / h) / (h * Math.Sqrt(2 * Math.PI)));
        double[] x = [0, 0.5, 2], y = [1, 1.5, -1, 0.2];
        var expected = x.Average(at => Math.Log(Density(at, [.. x.Where(other => other != at)], 0.7) / Density(at, y, 0.7)));
        Assert.Equal(expected, Samples.Value(new KernelDensity { Bandwidth = new KernelBandwidth(0.7) }, Samples.Rows(x), Samples.Rows(y)), 1e-13);
        var far = Samples.Value(new KernelDensity { Bandwidth = new KernelBandwidth(1e-3) }, Samples.Rows([0, 1e-3]), Samples.Rows([5]));
        Assert.Equal((25 + (5 - 1e-3) * (5 - 1e-3)) / 4 * 1e6 - 0.5, far, 1e-6);
    }

    [Fact]
    public void KernelDensity_CrossValidated_IsTheLikeliestOfItsWidths()
    {
        var known = Case("plane");
        var (statistic, x, y) = Samples.Prepare(new KernelDensity { Bandwidth = new KernelBandwidth(KernelRule.CrossValidated) }, known.X, known.Y);
        var chosen = statistic.Details()["bandwidthFactorX"];
        Assert.Contains(Enumerable.Range(-12, 17).Select(quarter => Math.Pow(2, quarter / 4.0) * Math.Pow(70, -1.0 / 6)), factor => Math.Abs(factor - chosen) < 1e-12);
        Assert.True(double.IsFinite(statistic.Of(x, y, CancellationToken.None)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Classifier_OfAllPoints_HasScikitLearnsWeights(string name)
    {
        var (known, sample) = (Case(name), new PooledSample(new Points(Case(name).X), new Points(Case(name).Y)));
        int[] all = [.. Enumerable.Range(0, sample.Count)];
        var rows = new FeatureRows(sample, all.AsSpan(0, sample.CountX), all.AsSpan(sample.CountX), isQuadratic: false, folds: 2);
        var weights = LogisticFit.Of(rows, fold: -1, 1, CancellationToken.None);
        for (var i = 0; i < weights.Length; i++) Assert.Equal(known.Logistic[i], weights[i], 1e-5);
    }

    /// <summary>Normals of equal variance a shift of 1 apart: KL 1/2; 2000 points of each, so that a standard error is about 0.03.</summary>
    [Fact]
    public void Classifier_OfShiftedGaussians_FindsTheirDivergence()
    {
        var random = new KlCore.Numerics.RandomStream(1, 0, "classifier");
        double[][] x = [.. Enumerable.Range(0, 2000).Select(_ => new[] { random.NextNormal(), random.NextNormal() })];
        double[][] y = [.. Enumerable.Range(0, 2000).Select(_ => new[] { random.NextNormal() + 1, random.NextNormal() })];
        foreach (var features in Enum.GetValues<ClassifierFeatures>()) Assert.Equal(0.5, Samples.Value(new ClassifierRatio { Features = features }, x, y), 0.1);
        // The order of the points and their unit change nothing; samples that can be told apart without error give a finite number.
        Assert.Equal(Samples.Value(new ClassifierRatio(), x, y), Samples.Value(new ClassifierRatio(), [.. x.Reverse()], [.. y.Reverse()]), 1e-6);
        Assert.True(double.IsFinite(Samples.Value(new ClassifierRatio(), Samples.Rows([.. Enumerable.Range(0, 20).Select(i => (double)i)]), Samples.Rows([.. Enumerable.Range(100, 20).Select(i => (double)i)]))));
    }

    /// <summary>Terms of d = ln p - ln q = (x - 1)^2/2 - x^2/2 = 1/2 - x at three points.</summary>
    [Fact]
    public void MonteCarlo_EveryKind_IsTheMeanOfItsTerms()
    {
        double[] x = [0, 0.5, -1], d = [0.5, 0, 1.5];
        var (p, q) = (new Normal { Mean = 0, StandardDeviation = 1 }, new Normal { Mean = 1, StandardDeviation = 1 });
        Estimate Of(MonteCarloKind kind) => TwoSamples.TryFrom(new Points(x), (Distribution?)q, new Problems())!.Estimate(new MonteCarlo { P = p, Kind = kind }, new Confidence(), 1);
        Assert.Equal(d.Average(), Of(MonteCarloKind.K1).Value, 1e-14);
        Assert.Equal(d.Average(t => t * t / 2), Of(MonteCarloKind.K2).Value, 1e-14);
        Assert.Equal(d.Average(t => Math.Exp(-t) - 1 + t), Of(MonteCarloKind.K3).Value, 1e-14);
        Assert.Equal(Math.Sqrt(d.Sum(t => (t - d.Average()) * (t - d.Average())) / 6), Of(MonteCarloKind.K1).StandardError!.Value, 1e-14);
        Assert.Null(Of(MonteCarloKind.K1).ErrorMethod);
    }

    /// <summary>Entropy and mean of ln q apart: what neighbours say of p against a density that is known.</summary>
    [Fact]
    public void NearestNeighbour_AgainstADensity_IsWhatIsLeftOfItAboveTheEntropy()
    {
        var (known, q) = (Case("line"), new Normal { Mean = 0.3, StandardDeviation = 1.2 });
        var points = new Points(known.X.Select(row => row[0]));
        var value = TwoSamples.TryFrom(points, (Distribution?)q, new Problems())!.Estimate(new NearestNeighbour { K = 3 }, None, 1).Value;
        var n = known.X.Length;
        var entropy = known.Entropy.Single(line => line is { K: 3, Metric: "euclidean" }).Value;
        var correction = Math.Log(n - 1) - Enumerable.Range(1, n - 1).Sum(i => 1.0 / i) + 0.57721566490153286;
        Assert.Equal(-entropy - correction - q.LogDensities(points).Average(), value, 1e-12);
    }

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
