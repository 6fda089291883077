using KlCore.Distributions;
using KlCore.Estimation;
using KlCore.Estimation.Dependence;
using KlCore.Estimation.Distances;
using KlCore.Estimation.Entropies;
using KlCore.Numerics;

namespace KlCore.Tests.Estimation;

/// <summary>What holds of every estimator that is listed, by their default parameters where they have them.</summary>
public class EstimatorLawTests
{
    private static readonly Confidence Few = new() { Resamples = 20, Permutations = 19 };

    public static TheoryData<string> Divergences => [.. EstimatorCatalogue.Of<Estimator, PooledSample>().Select(entry => entry.Name)];

    public static TheoryData<string> Entropies => [.. EstimatorCatalogue.Of<EntropyEstimator, PooledSample>().Select(entry => entry.Name)];

    public static TheoryData<string> Informations => [.. EstimatorCatalogue.Of<MutualInformationEstimator, PairedSample>().Select(entry => entry.Name)];

    [Fact]
    public void Estimators_AllThatThereAre_AreListedAndDescribed()
    {
        var listed = EstimatorCatalogue.Of<Estimator, PooledSample>().Concat(EstimatorCatalogue.Of<EntropyEstimator, PooledSample>()).Concat(EstimatorCatalogue.Of<MutualInformationEstimator, PairedSample>()).ToList();
        var bases = new[] { typeof(Estimator), typeof(EntropyEstimator), typeof(MutualInformationEstimator) };
        var written = typeof(Estimator).Assembly.GetTypes().Where(type => !type.IsAbstract && bases.Any(type.IsSubclassOf)).ToList();
        Assert.True(written.Count > 10);
        Assert.Equal(written.Select(type => type.FullName).Order(), listed.Select(entry => entry.Type.FullName).Order());
        Assert.All(listed, entry => Assert.All([entry.Description.Estimates, entry.Description.Formula, entry.Description.Summary, entry.Description.Source], text => Assert.NotEqual("", text)));
    }

    [Theory]
    [MemberData(nameof(Divergences))]
    public void Divergence_OfPointsInAnotherOrder_IsTheSame(string name)
    {
        var (x, y) = (Draw(1, 60, 0), Draw(2, 50, 0.6));
        Near(Estimate(name, x, y).Value, Estimate(name, [.. x.Reverse()], [.. y.Skip(20), .. y.Take(20)]).Value);
    }

    [Theory]
    [MemberData(nameof(Divergences))]
    public void Divergence_OfTheSameSeed_IsTheSameToTheLastDigit(string name)
    {
        var (x, y) = (Draw(3, 40, 0), Draw(4, 40, 0.6));
        string Text(Estimate estimate) => $"{estimate.Value:R} {estimate.StandardError:R} {estimate.PValue:R} {string.Join(' ', estimate.Interval ?? [])} {string.Join(' ', estimate.Warnings)}";
        Assert.Equal(Text(Estimate(name, x, y)), Text(Estimate(name, x, y)));
    }

    /// <summary>A divergence does not know the unit of the coordinates nor where 0 is.</summary>
    [Theory]
    [MemberData(nameof(Divergences))]
    public void Divergence_InAnotherUnit_IsTheSame(string name)
    {
        var estimator = Plain(name);
        if (!estimator.Describe().FollowsUnit || estimator is MonteCarlo) return;
        var (x, y) = (Draw(5, 60, 0), Draw(6, 60, 0.6));
        Near(Estimate(name, x, y).Value, Estimate(name, [.. x.Select(v => 4 * v + 8)], [.. y.Select(v => 4 * v + 8)]).Value);
    }

    /// <summary>p-values of equal distributions have the mean 1/2: of 30, within 4 of its standard errors (0.053), with a step of 1/20.</summary>
    [Theory]
    [MemberData(nameof(Divergences))]
    public void PValues_OfEqualDistributions_AreHalfInTheMean(string name)
    {
        if (!Plain(name).Describe().HasPermutationTest) return;
        var values = Enumerable.Range(0, 30).Select(i => Estimate(name, Draw(100 + i, 25, 0), Draw(200 + i, 20, 0), i, new Confidence { Resamples = 0, Permutations = 19 }).PValue!.Value).ToArray();
        Assert.Equal(0.525, values.Average(), 0.22);
        Assert.All(values, value => Assert.InRange(value, double.Epsilon, 1));
    }

    [Theory]
    [MemberData(nameof(Divergences))]
    public void Divergence_OfSamplesFarApart_IsLargerAndSignificant(string name)
    {
        var (near, far) = (Estimate(name, Draw(7, 60, 0), Draw(8, 60, 0.2)), Estimate(name, Draw(7, 60, 0), Draw(8, 60, 2)));
        if (Plain(name) is MonteCarlo) return;
        Assert.True(far.Value > near.Value);
        Assert.True(far.PValue <= 0.1);
    }

    [Theory]
    [MemberData(nameof(Entropies))]
    public void Entropy_OfPointsInAnotherOrder_IsTheSameAndHasAnError(string name)
    {
        var estimator = (EntropyEstimator)Activator.CreateInstance(EstimatorCatalogue.Of<EntropyEstimator, PooledSample>().Single(entry => entry.Name == name).Type)!;
        Estimate Of(double[] x) => OneSample.TryFrom(new Points(x), new Problems())!.Estimate([estimator], Few, 1)[0];
        var x = Draw(9, 80, 0);
        Near(Of(x).Value, Of([.. x.Reverse()]).Value);
        Assert.NotNull(Of(x).StandardError);
        Assert.Null(Of(x).PValue);
    }

    [Theory]
    [MemberData(nameof(Informations))]
    public void Information_OfPairsInAnotherOrder_IsTheSameAndHasAPValue(string name)
    {
        var estimator = (MutualInformationEstimator)Activator.CreateInstance(EstimatorCatalogue.Of<MutualInformationEstimator, PairedSample>().Single(entry => entry.Name == name).Type)!;
        Estimate Of(double[] x, double[] y) => Pairs.TryFrom(new Points(x), new Points(y), new Problems())!.Estimate([estimator], Few, 1)[0];
        var x = Draw(10, 80, 0);
        double[] y = [.. Draw(11, 80, 0).Zip(x, (noise, value) => value + 0.3 * noise)];
        Near(Of(x, y).Value, Of([.. x.Reverse()], [.. y.Reverse()]).Value);
        Assert.Equal(0.05, Of(x, y).PValue!.Value, 1e-12);
        Assert.True(Of(x, Draw(12, 80, 0)).Value < Of(x, y).Value);
    }

    private static void Near(double expected, double actual) => Assert.Equal(expected, actual, 1e-7 * Math.Max(1, Math.Abs(expected)));

    private static Estimate Estimate(string name, double[] x, double[] y, long seed = 1, Confidence? confidence = null) =>
        TwoSamples.TryFrom(new Points(x), new Points(y), new Problems())!.Estimate(Plain(name), confidence ?? Few, seed);

    private static Estimator Plain(string name)
    {
        var type = EstimatorCatalogue.Of<Estimator, PooledSample>().Single(entry => entry.Name == name).Type;
        return (Estimator)Activator.CreateInstance(type)! switch
        {
            MonteCarlo monteCarlo => monteCarlo with { P = new Normal { Mean = 0, StandardDeviation = 1 }, Q = new Normal { Mean = 0.6, StandardDeviation = 1 } },
            Sinkhorn sinkhorn => sinkhorn with { Regularization = 0.5 },
            // Of so few points a bin is often empty, and infinite values cannot be told apart.
            PopulationStability stability => stability with { Pseudocount = 0.5 },
            var plain => plain,
        };
    }

    private static double[] Draw(int seed, int count, double shift)
    {
        var random = new RandomStream(seed, 0, "test");
        return [.. Enumerable.Range(0, count).Select(_ => random.NextNormal() + shift)];
    }
}
