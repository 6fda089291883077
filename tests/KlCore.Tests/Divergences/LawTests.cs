using KlCore.Divergences;

namespace KlCore.Tests.Divergences;

/// <summary>What holds for every measure that is listed, over pairs of all kinds.</summary>
public class LawTests
{
    private const double Rounding = 1e-12;

    public static TheoryData<string> Measures => [.. Sample.Measures.Keys];

    [Theory]
    [MemberData(nameof(Measures))]
    public void Law_AnyPair_IsNotNegative(string name)
    {
        foreach (var pair in Sample.Pairs()) Assert.True(Sample.Measures[name].Between(pair).Value >= 0);
    }

    [Theory]
    [MemberData(nameof(Measures))]
    public void Law_EqualDistributions_AreExactlyZeroApart(string name)
    {
        if (Sample.Measures[name] is CrossEntropy or Sinkhorn { Value: not SinkhornValue.Divergence }) return;
        foreach (var pair in Sample.Pairs())
        {
            var equal = new Pair(pair.First, MassFunction.Read([.. pair.First.Given], pair.First.How));
            Assert.Equal(0, Sample.Measures[name].Between(equal).Value);
        }
    }

    [Theory]
    [MemberData(nameof(Measures))]
    public void Law_DifferentDistributions_AreApart(string name)
    {
        if (Sample.Measures[name] is Renyi { Order: 0 } or Tsallis { Order: 0 } or Sinkhorn) return; // the supports alone; to its error bound only
        Assert.True(Sample.Measures[name].Between(Pair.From([0.25, 0.25, 0.5], [0.25, 0.2500000001, 0.4999999999])).Value > 0);
    }

    [Theory]
    [MemberData(nameof(Measures))]
    public void Law_PermutedCategories_ChangeNothing(string name)
    {
        foreach (var pair in Sample.Pairs())
        {
            var order = Enumerable.Range(0, pair.Count).ToArray();
            new Random(1).Shuffle(order);
            var positions = Positions.OnLine(order.Select(i => (double)i));
            var permuted = Pair.From(
                [.. order.Select(i => pair.First.Given[i])], [.. order.Select(i => pair.Second.Given[i])], pair.First.How with { Positions = positions });
            Close(Sample.Measures[name].Between(pair), Sample.Measures[name].Between(permuted));
        }
    }

    [Theory]
    [MemberData(nameof(Measures))]
    public void Law_SymmetricMeasures_AreSymmetric(string name)
    {
        var measure = Sample.Measures[name];
        if (!measure.Describe().IsSymmetric || measure is JensenShannon { Weight: not 0.5 }) return;
        foreach (var pair in Sample.Pairs()) Close(measure.Between(pair), measure.Between(new Pair(pair.Second, pair.First)));
    }

    [Fact]
    public void Law_UnsymmetricMeasures_AreNot()
    {
        var pair = Pair.From([0.1, 0.2, 0.7], [0.3, 0.6, 0.1]);
        var exchanged = new Pair(pair.Second, pair.First);
        foreach (var entry in Catalogue.All.Where(entry => !entry.Description.IsSymmetric))
        {
            var measures = Sample.Measures.Values.Where(measure => measure.GetType() == entry.Type);
            Assert.True(measures.Any(measure => Math.Abs(measure.Between(pair).Value - measure.Between(exchanged).Value) > 1e-3), entry.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Measures))]
    public void Law_Metrics_ObeyTheTriangle(string name)
    {
        var measure = Sample.Measures[name];
        if (!measure.Describe().IsMetric) return;
        foreach (var (p, q, r) in Sample.Triples())
        {
            var (direct, around) = (measure.Between(new(p, r)).Value, measure.Between(new(p, q)).Value + measure.Between(new(q, r)).Value);
            Assert.True(direct <= around * (1 + Rounding), $"{direct:R} > {around:R}");
        }
    }

    [Theory]
    [MemberData(nameof(Measures))]
    public void Law_MergedCategories_ComeNoFurtherApart(string name)
    {
        var measure = Sample.Measures[name];
        if (measure.Describe().UsesPositions || measure is CrossEntropy) return;
        foreach (var pair in Sample.Pairs(InputKind.Weights).Where(pair => pair.Count > 2))
        {
            var (p, q) = (OnGrid(pair.First.Given), OnGrid(pair.Second.Given));
            var before = measure.Between(Pair.From(p, q, pair.First.How)).Value;
            var after = measure.Between(Pair.From(Merge(p), Merge(q), pair.First.How)).Value;
            Assert.True(after <= before * (1 + Rounding) + 1e-300, $"{after:R} > {before:R}");
        }
    }

    [Theory]
    [MemberData(nameof(Measures))]
    public void Law_Unit_DividesLogLikeMeasuresAlone(string name)
    {
        var measure = Sample.Measures[name];
        var pair = measure is Renyi { Order: 0 } or Tsallis { Order: 0 } ? Pair.From([0.1, 0.9, 0], [0.3, 0.6, 0.1]) : Pair.From([0.1, 0.2, 0.7], [0.3, 0.6, 0.1]);
        var ratio = measure.Between(pair, Unit.Bits).Value / measure.Between(pair).Value;
        var expected = measure is JensenShannonDistance ? 1 / Math.Sqrt(Math.Log(2)) : measure.Describe().FollowsUnit ? 1 / Math.Log(2) : 1;
        Assert.Equal(expected, ratio, 1e-14);
    }

    [Theory]
    [MemberData(nameof(Measures))]
    public void Law_Input_IsNotModified(string name)
    {
        foreach (var pair in Sample.Pairs())
        {
            double[] p = [.. pair.First.Given], q = [.. pair.Second.Given];
            Sample.Measures[name].Between(Pair.From(p, q, pair.First.How));
            Assert.Equal(pair.First.Given.ToArray(), p);
            Assert.Equal(pair.Second.Given.ToArray(), q);
        }
    }

    [Fact]
    public void Law_Samples_CoverTheCatalogue() =>
        Assert.Empty(Catalogue.All.Select(entry => entry.Type).Except(Sample.Measures.Values.Select(measure => measure.GetType())));

    private static double[] Merge(double[] weights) => [weights[0] + weights[1], .. weights[2..]];

    /// <summary>Multiples of 2^-50, whose sums are exact, so that merging changes nothing else.</summary>
    private static double[] OnGrid(ReadOnlySpan<double> weights) => Array.ConvertAll(weights.ToArray(), weight => Math.ScaleB(Math.Round(Math.ScaleB(weight, 50)), -50));

    private static void Close(Measurement expected, Measurement actual)
    {
        var tolerance = (expected.ErrorBound ?? 0) + (actual.ErrorBound ?? 0) + Rounding * Math.Abs(expected.Value);
        Assert.True(expected.Value == actual.Value || Math.Abs(expected.Value - actual.Value) <= tolerance, $"{expected} and {actual}");
    }
}
