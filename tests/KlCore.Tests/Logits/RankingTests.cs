using KlCore.Logits;
using KlCore.Logits.Reports;
using KlCore.Numerics;

namespace KlCore.Tests.Logits;

public class RankingTests
{
    [Fact]
    public void Of_TwoCandidates_IsThePairedTest()
    {
        double[] a = [1, 2, 3, 4, 5, 6], b = [1.5, 2.1, 3.4, 4.6, 5.2, 6.6];
        var pair = Assert.Single(ReportRanking.Of([new("b", b), new("a", a)], RankingMetric.Forward).Pairs);
        // scipy.stats.ttest_rel(b, a): t = 4.670993664969141, p = 0.005477689453700449; differences .5 .1 .4 .6 .2 .6 with sd 0.2097618.
        Assert.Equal(("a", "b"), (pair.First, pair.Second));
        Assert.Equal(0.4, pair.Difference!.Value, 1e-12);
        Assert.Equal(0.20976176963403, pair.StandardError!.Value * Math.Sqrt(6), 1e-12);
        Assert.Equal(0.005477689453700449, pair.PValue!.Value, 1e-10);
        Assert.True(pair.Distinguishable);
        Assert.Equal(Math.Ceiling(Math.Pow(1.959963984540054 * 0.20976176963403 / 0.4, 2)), pair.TokensNeeded);
    }

    [Fact]
    public void Of_Chunks_ComparesWithTheSpreadOfChunks()
    {
        double[] a = new double[8], b = [1, 1.2, -1, -0.8, 2, 2.2, 0, 0.2];
        var ranking = ReportRanking.Of([new("a", a), new("b", b)], RankingMetric.Forward, 2);
        var pair = Assert.Single(ranking.Pairs);
        // Means of chunks 1.1, -0.9, 2.1, 0.1: sd 1.2909944 of 4; their mean 0.6.
        Assert.Equal(0.6, pair.Difference!.Value, 1e-12);
        Assert.Equal(1.2909944487358056 / 2, pair.ClusterStandardError!.Value, 1e-12);
        Assert.Equal(4, ranking.Clusters);
        Assert.False(pair.Distinguishable);
        Assert.Equal([["a", "b"]], ranking.Groups);
    }

    [Fact]
    public void Of_RowsFromTheMiddleOfAChunk_CountsChunksOfTheWhole()
    {
        double[] a = new double[8], b = [1, 1.2, -1, -0.8, 2, 2.2, 0, 0.2];
        Assert.Equal(4, ReportRanking.Of([new("a", a), new("b", b)], RankingMetric.Forward, 2, firstRow: 6).Clusters);
        var shifted = ReportRanking.Of([new("a", a), new("b", b)], RankingMetric.Forward, 2, firstRow: 7);
        Assert.Equal(5, shifted.Clusters);
        // Chunks 1; 1.2, -1; -0.8, 2; 2.2, 0; 0.2 about their mean 0.6: S_c - R n_c = 0.4, -1, 0, 1, -0.4 over eight values.
        Assert.Equal(Math.Sqrt(5 / 4.0 * 2.32) / 8, Assert.Single(shifted.Pairs).ClusterStandardError!.Value, 1e-12);
    }

    [Fact]
    public void Of_TooManyDifferences_IsRefusedBeforeAnyWork()
    {
        var values = new double[1_100_000];
        RankingCandidate[] candidates = [.. Enumerable.Range(0, 32).Select(i => new RankingCandidate($"c{i}", values))];
        Assert.Throws<TooCostlyException>(() => ReportRanking.Of(candidates, RankingMetric.Forward));
    }

    [Fact]
    public void Of_Cancelled_Stops() =>
        Assert.Throws<OperationCanceledException>(() => ReportRanking.Of([new("a", new double[2]), new("b", new double[2])], RankingMetric.Forward, cancellation: new CancellationToken(true)));

    [Fact]
    public void Of_WideInterval_EndsAtZero()
    {
        var candidates = ReportRanking.Of([new("a", new double[] { 0, 0, 0, 1 }), new("b", new double[] { 0, 0, 0, 2 })], RankingMetric.Forward).Candidates;
        Assert.Equal(0, candidates[0].Mean.Confidence95![0]);
    }

    [Fact]
    public void Of_ThreeCandidates_GroupsThoseThatCannotBeToldApart()
    {
        var random = new Random(1);
        var common = Enumerable.Range(0, 200).Select(_ => random.NextDouble()).ToArray();
        double[] Shifted(double by, double noise) => [.. common.Select(value => value + by + noise * (random.NextDouble() - 0.5))];
        var ranking = ReportRanking.Of([new("far", Shifted(0.5, 0.1)), new("near", Shifted(0.001, 0.5)), new("best", Shifted(0, 0.5))], RankingMetric.Forward, 10);
        Assert.Equal("far", ranking.Candidates[2].Name);
        Assert.Equal(2, ranking.Groups.Count);
        Assert.Equal(["far"], ranking.Groups[1]);
        Assert.Equal(3, ranking.Pairs.Count);
        Assert.Equal(common.Length, ranking.Positions);
    }

    [Fact]
    public void Of_RowsThatDoNotCountForOne_AreLeftOutForAll()
    {
        var ranking = ReportRanking.Of([new("a", new[] { 1, double.NaN, 3, 5 }), new("b", new[] { 2, 7, double.NaN, 9.0 })], RankingMetric.TargetLoss, unit: Unit.Bits);
        Assert.Equal(2, ranking.Positions);
        Assert.Equal(3 / Math.Log(2), ranking.Candidates[0].Mean.Mean, 1e-12);
        Assert.Equal(2.5 / Math.Log(2), ranking.Pairs[0].Difference!.Value, 1e-12);
    }

    [Fact]
    public void Of_InfiniteValues_NeverBecomeNaN()
    {
        double[] infinite = [1, double.PositiveInfinity, 3];
        var ranking = ReportRanking.Of([new("i", infinite), new("f", new double[] { 5, 5, 5 })], RankingMetric.Forward);
        Assert.Equal((double.PositiveInfinity, null, true), (ranking.Pairs[0].Difference, ranking.Pairs[0].PValue, ranking.Pairs[0].Distinguishable));
        var same = ReportRanking.Of([new("i", infinite), new("j", new[] { double.PositiveInfinity, 1, 3 })], RankingMetric.Forward);
        Assert.Equal((null, false), (same.Pairs[0].Difference, same.Pairs[0].Distinguishable));
        Assert.Equal([["i", "j"]], same.Groups);
    }

    [Fact]
    public void Of_EqualCandidates_CannotBeToldApart()
    {
        var pair = ReportRanking.Of([new("a", new double[] { 1, 2 }), new("b", new double[] { 1, 2 })], RankingMetric.Forward).Pairs[0];
        Assert.Equal((0.0, 1.0, 1.0, null, false), (pair.Difference, pair.PValue, pair.AdjustedPValue, pair.TokensNeeded, pair.Distinguishable));
    }

    [Fact]
    public void Of_CandidatesThatDoNotFit_AreRefused()
    {
        Assert.Equal(["/1"], Refused(new("a", new double[2]), new("a", new double[2])));
        Assert.Equal(["/1"], Refused(new("a", new double[2]), new("b", new double[3])));
        Assert.Equal([""], Refused(new RankingCandidate("a", new double[2])));
        Assert.Equal("no-rows", Assert.Throws<NotComputableException>(() => ReportRanking.Of([new("a", new[] { double.NaN }), new("b", new double[1])], RankingMetric.Forward)).Code);
    }

    [Fact]
    public void Holm_TextbookExample_MultipliesStepByStep()
    {
        double?[] expected = [0.03, 0.06, null, 0.06, 0.02];
        var adjusted = Holm.Adjust([0.01, 0.04, null, 0.03, 0.005]);
        for (var i = 0; i < adjusted.Length; i++) Assert.Equal(expected[i] ?? -1, adjusted[i] ?? -1, 1e-15);
        Assert.Equal([1.0, 1.0], Holm.Adjust([0.6, 0.7]));
    }

    [Fact]
    public void Column_Positions_AreNaNWhereTheyDoNotCount()
    {
        var positions = ReportGolden.Positions.ToArray();
        positions[30].Facts = PositionFacts.InvalidP;
        positions[31].Target = -1;
        var plan = new RowPlan(24, 2);
        var loss = RankingCandidate.Of("a", [positions.AsMemory(0, 50), positions.AsMemory(50)], positions.Length, plan, RankingMetric.TargetLoss).Values.Span;
        Assert.True(double.IsNaN(loss[1]) && double.IsNaN(loss[25]) && double.IsNaN(loss[30]) && double.IsNaN(loss[31]));
        Assert.Equal(-positions[60].TargetLogQ, loss[60]);
    }

    private static IEnumerable<string> Refused(params RankingCandidate[] candidates) =>
        Assert.Throws<InvalidInputException>(() => ReportRanking.Of(candidates, RankingMetric.Forward)).Problems.ByPointer().Keys;
}
