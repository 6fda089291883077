using KlCore.Logits;
using KlCore.Logits.Reports;

namespace KlCore.Tests.Logits;

public class GateTests
{
    [Fact]
    public void Judge_Means_GoByTheWholeInterval()
    {
        var forward = ReportGolden.Report(ReportGolden.Options(), ReportGolden.Positions).Forward;
        var (low, high) = (forward.Confidence95![0], forward.Confidence95[1]);
        Assert.Equal(Verdict.Pass, Judge(("forwardMean", high * 1.0001)).Verdict);
        Assert.Equal(Verdict.Inconclusive, Judge(("forwardMean", high * 0.9999)).Verdict);
        Assert.Equal(Verdict.Inconclusive, Judge(("forwardMean", low * 1.0001)).Verdict);
        Assert.Equal(Verdict.Fail, Judge(("forwardMean", low * 0.9999)).Verdict);
        var outcome = Assert.Single(Judge(("forwardMean", high)).Rules);
        Assert.Equal((forward.Mean, low, high), (outcome.Value, outcome.Interval![0], outcome.Interval[1]));
    }

    [Fact]
    public void Judge_Top1_IsALowerLimit()
    {
        var interval = ReportGolden.Report(ReportGolden.Options(), ReportGolden.Positions).Agreement.Top1.ClusterConfidence95!;
        Assert.Equal(Verdict.Pass, Judge(("top1", interval[0] - 1e-6)).Verdict);
        Assert.Equal(Verdict.Inconclusive, Judge(("top1", interval[0] + 1e-6)).Verdict);
        Assert.Equal(Verdict.Fail, Judge(("top1", interval[1] + 1e-6)).Verdict);
    }

    [Fact]
    public void Judge_SeveralRules_TheWorstDecides()
    {
        Assert.Equal(Verdict.Pass, Judge(("forwardMean", 10), ("reverseMean", 10)).Verdict);
        Assert.Equal(Verdict.Inconclusive, Judge(("forwardMean", 10), ("forwardP99.9", 1)).Verdict);
        Assert.Equal(Verdict.Fail, Judge(("forwardP99.9", 1), ("forwardMean", 1e-9), ("reverseMean", 10)).Verdict);
    }

    [Fact]
    public void Judge_Percentile_IntervalIsOfOrderStatistics()
    {
        // Of 274 values the median lies between the 121st and the 154th: P(X <= 120) = 0.023 and P(X <= 121) = 0.031 for X binomial(274, 1/2).
        var sorted = ReportGolden.Positions.Select(position => position.Forward).Order().ToArray();
        var alone = ReportGolden.Report(ReportGolden.Options() with { ClusterSize = null }, ReportGolden.Positions, Parse(("forwardMedian", 1), ("forwardP99.9", 1))).Gate!;
        Assert.Equal([sorted[120], sorted[153]], alone.Rules[0].Interval!);
        // No value is far enough out to be above the 99.9 % point with 97.5 %.
        Assert.Equal(double.PositiveInfinity, alone.Rules[1].Interval![1]);
    }

    [Fact]
    public void Judge_PercentileBetweenFewValues_IntervalHoldsTheValue()
    {
        // The interpolated 99.9 % point of five values lies below the largest, which is what bounds it from below.
        var outcome = ReportGolden.Report(ReportGolden.Options() with { ClusterSize = null }, ReportGolden.Positions.AsMemory(0, 5), Parse(("forwardP99.9", 1))).Gate!.Rules[0];
        Assert.InRange(outcome.Value!.Value, outcome.Interval![0], outcome.Interval[1]);
    }

    [Fact]
    public void Judge_PercentileWithChunks_IntervalIsWidenedByTheirSpread()
    {
        var values = ReportGolden.Positions.Select(position => position.Forward).ToArray();
        var sorted = values.Order().ToArray();
        var median = (sorted[136] + sorted[137]) / 2;
        // The share below the median as a ratio of sums over the twelve chunks; Student's t with 11 degrees of freedom is 2.200985.
        var chunks = values.Chunk(24).Select(chunk => (Below: chunk.Count(value => value <= median), chunk.Length)).ToArray();
        var half = 2.200985 * Math.Sqrt(12 / 11.0 * chunks.Sum(chunk => Math.Pow(chunk.Below - 0.5 * chunk.Length, 2))) / 274;
        var interval = Judge(("forwardMedian", 1)).Rules[0].Interval!;
        Assert.Equal([sorted[(int)Math.Floor((0.5 - half) * 274) - 1], sorted[(int)Math.Ceiling((0.5 + half) * 274)]], interval);
        Assert.True(interval[0] < sorted[120] && interval[1] > sorted[153]);
    }

    [Theory]
    [InlineData(20, 50)]
    [InlineData(150, 90)]
    [InlineData(3000, 99)]
    [InlineData(500, 3)]
    [InlineData(100000, 50)]
    public void OrderStatistics_Binomial_CoversNinetyFivePercentAndNotMuchMore(int count, double percent)
    {
        var (low, high) = OrderStatistics.Bounds(count, percent);
        // Exact: the percentile is below the value at place l iff at most l values are below it.
        var below = MathNet.Numerics.Distributions.Binomial.CDF(percent / 100, count, low!.Value);
        var above = 1 - MathNet.Numerics.Distributions.Binomial.CDF(percent / 100, count, high!.Value);
        Assert.InRange(below, 0.012, 0.025);
        Assert.InRange(above, 0.008, 0.025);
    }

    [Fact]
    public void Judge_InfiniteMean_Fails()
    {
        var positions = ReportGolden.Positions.ToArray();
        positions[0].Forward = double.PositiveInfinity;
        var outcome = Assert.Single(Judge(positions, ("forwardMean", 100)).Rules);
        Assert.Equal((Verdict.Fail, double.PositiveInfinity), (outcome.Verdict, outcome.Value));
    }

    [Fact]
    public void Judge_OnePosition_IsInconclusive() =>
        Assert.Equal(Verdict.Inconclusive, Judge(ReportGolden.Positions[..1], ("forwardMean", 100)).Verdict);

    [Fact]
    public void Judge_WithoutTargets_IsInconclusive()
    {
        var positions = ReportGolden.Positions.ToArray();
        for (var i = 0; i < positions.Length; i++) positions[i].Target = -1;
        var report = ReportGolden.Report(ReportGolden.Options(), positions, Parse(("perplexityRatio", 1.01)));
        Assert.Equal(Verdict.Inconclusive, report.Gate!.Verdict);
        Assert.Null(report.Gate.Rules[0].Value);
        Assert.Null(report.Perplexity);
        Assert.Null(report.LlamaCpp!.Perplexity);
    }

    [Fact]
    public void Judge_Targets_AreReadAsTheyAreReported()
    {
        var report = ReportGolden.Report(ReportGolden.Options(), ReportGolden.Positions, Parse(("perplexityRatio", 2), ("meanDeltaP", 1), ("rmsDeltaP", 1), ("forwardMaximum", 3)));
        Assert.Equal([report.Perplexity!.Ratio, Math.Abs(report.TargetProbability!.Mean), report.TargetProbability.Rms, report.Forward.Maximum],
            report.Gate!.Rules.Select(rule => rule.Value));
        Assert.Equal(report.Perplexity.RatioConfidence95, report.Gate.Rules[0].Interval);
    }

    [Theory]
    [InlineData("forward")]
    [InlineData("forwardP101")]
    [InlineData("forwardP")]
    [InlineData("forwardP-1")]
    [InlineData("klMean")]
    [InlineData("ForwardMean")]
    public void Parse_NoSuchName_SaysWhatThereIs(string name)
    {
        var problems = new Problems();
        Assert.Null(Gate.Parse([new(name, 1), new("forwardMean", double.PositiveInfinity)], problems, "gate."));
        Assert.Equal([$"/gate.{name}", "/gate.forwardMean"], problems.ByPointer().Keys);
        Assert.Contains("forwardP99", problems.ByPointer()[$"/gate.{name}"][0], StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_TooManyOrTwice_IsRefused()
    {
        var problems = new Problems();
        var limits = Enumerable.Range(0, 101).Select(i => KeyValuePair.Create($"forwardP{i / 10.0:0.0}", 1.0)).ToArray();
        Assert.NotNull(Gate.Parse(limits.Take(100), problems));
        Assert.False(problems.Any);
        Assert.Null(Gate.Parse(limits, problems));
        Assert.Null(Gate.Parse([new("top1", 0.5), new("top1", 0.6)], problems));
        Assert.Equal(["", "/top1"], problems.ByPointer().Keys);
    }

    [Fact]
    public void Judge_ManyPercentiles_AreCountedInOnePass()
    {
        int Passes(params (string Name, double Limit)[] limits)
        {
            var passes = 0;
            IEnumerable<ReadOnlyMemory<Position>> Counted()
            {
                passes++;
                yield return ReportGolden.Positions;
            }

            var builder = new ReportBuilder(ReportGolden.Options(), ReportGolden.Shape(), ReportGolden.Shape());
            builder.Add(ReportGolden.Positions);
            builder.Build(Counted(), Parse(limits));
            return passes;
        }

        (string, double)[] many = [.. Enumerable.Range(1, 99).Select(percent => ($"forwardP{percent}", 1.0))];
        Assert.Equal(Passes(("forwardMean", 1)) + 1, Passes(many));
        // What they say does not depend on what else is asked for.
        Assert.Equal(Judge(("forwardMedian", 1)).Rules[0].Interval, Judge(many).Rules[49].Interval);
    }

    [Fact]
    public void Student_AnyNumberOfChunks_HasAQuantile()
    {
        Assert.Equal(12.706204736, Confidence.Student95(1), 1e-8);
        Assert.Equal(2.200985160, Confidence.Student95(11), 1e-8);
        Assert.Equal(1.959987707534, Confidence.Student95(100_000), 1e-9);
        Assert.Equal(1.959963985, Confidence.Student95(1L << 41), 1e-9);
    }

    [Fact]
    public void Wilson_KnownShares_AgreeWithTheFormula()
    {
        // scipy.stats.binomtest(k, n).proportion_ci(method="wilson") of 0 in 10, 7 in 10, 81 in 263, 10 in 10.
        Near([0, 0.2775328], Confidence.Wilson(0, 10));
        Near([0.3967781, 0.8922087], Confidence.Wilson(0.7, 10));
        Near([0.2552885, 0.3662096], Confidence.Wilson(81.0 / 263, 263));
        Near([0.7224672, 1], Confidence.Wilson(1, 10));
    }

    private static void Near(double[] expected, double[] actual)
    {
        for (var i = 0; i < 2; i++) Assert.Equal(expected[i], actual[i], 2e-7);
    }

    private static Gate Parse(params (string Name, double Limit)[] limits)
    {
        var problems = new Problems();
        var gate = Gate.Parse(limits.Select(limit => KeyValuePair.Create(limit.Name, limit.Limit)), problems);
        problems.ThrowIfAny();
        return gate!;
    }

    private static GateResult Judge(params (string Name, double Limit)[] limits) => Judge(ReportGolden.Positions, limits);

    private static GateResult Judge(Position[] positions, params (string Name, double Limit)[] limits) =>
        ReportGolden.Report(ReportGolden.Options(), positions, Parse(limits)).Gate!;
}
