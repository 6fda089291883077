using System.Text.Json;
using System.Text.Json.Serialization;
using KlCore.Logits;
using KlCore.Logits.Reports;

namespace KlCore.Tests.Logits;

/// <summary>Numbers near the ends of the doubles, and intervals near the ends of what a measure can be.</summary>
public class ReportExtremesTests
{
    private static readonly JsonSerializerOptions JsonOptions = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(2)]
    public void Build_SumBeyondADouble_MeanIsFiniteAndHasNoInterval(int? clusterSize)
    {
        var positions = Positions(4, (ref Position position) => (position.Forward, position.TargetLogP) = (1.7e308, -1e308));
        var report = Report(positions, clusterSize);
        Assert.Equal((1.7e308, null, null), (report.Forward.Mean, report.Forward.Confidence95, report.Forward.ConfidenceBasis));
        Assert.Equal((1e308, null), (report.Perplexity!.LossP.Mean, report.Perplexity.LossP.Confidence95));
        Assert.Equal(double.PositiveInfinity, report.Forward.StandardError);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    public void Merge_SumBeyondADouble_GivesTheMean(int? clusterSize)
    {
        var positions = Positions(4, (ref Position position) => position.Forward = 1.5e308);
        var options = new ReportOptions { ClusterSize = clusterSize };
        ComparisonSummary Part(int from)
        {
            var builder = new ReportBuilder(options, ReportGolden.Shape(), ReportGolden.Shape(), from);
            builder.Add(positions.AsSpan(from, 2));
            var json = JsonSerializer.Serialize(builder.Summarise(), JsonOptions);
            Assert.DoesNotContain("NaN", json, StringComparison.Ordinal);
            return JsonSerializer.Deserialize<ComparisonSummary>(json, JsonOptions)!;
        }

        var merged = ReportBuilder.Merge([Part(0), Part(2)]).Build();
        Assert.DoesNotContain("NaN", JsonSerializer.Serialize(merged, JsonOptions), StringComparison.Ordinal);
        Assert.Equal(1.5e308, merged.Forward.Mean);
    }

    [Fact]
    public void Merge_SumFarBeyondADouble_IsRefused()
    {
        var builder = new ReportBuilder(new ReportOptions(), ReportGolden.Shape(), ReportGolden.Shape());
        builder.Add(Positions(200, (ref Position position) => position.Forward = 1.7e308));
        var summary = builder.Summarise();
        Assert.Equal([double.PositiveInfinity], summary.Columns[0].Sums[0]);
        Assert.Throws<InvalidInputException>(() => ReportBuilder.Merge([summary]));
    }

    [Fact]
    public void Build_InBits_WhatOverflowsHasNoInterval()
    {
        var builder = new ReportBuilder(new ReportOptions { Unit = Unit.Bits }, ReportGolden.Shape(), ReportGolden.Shape());
        builder.Add(Positions(2, (ref Position position) => position.Forward = 1.7e308));
        var report = builder.Build();
        Assert.Equal((double.PositiveInfinity, null), (report.Forward.Mean, report.Forward.Confidence95));
        Assert.DoesNotContain("NaN", JsonSerializer.Serialize(report, JsonOptions), StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_IntervalOfADivergence_EndsAtZero()
    {
        var positions = Positions(4, (ref Position position) => position.TargetLogP = position.TargetLogQ = -1);
        (positions[3].Forward, positions[3].TargetLogQ) = (1, -2);
        var report = Report(positions, null, new("forwardMean", 0.5), new("logRatio", 0.5));
        // Mean and error are 1/4.
        Assert.Equal(0, report.Forward.Confidence95![0]);
        Assert.Equal(0.25 + 1.959963984540054 * 0.25, report.Forward.Confidence95[1], 1e-12);
        Assert.Equal(report.Forward.Confidence95, report.Gate!.Rules[0].Interval);
        // A difference may be negative.
        Assert.Equal(0.25 - 1.959963984540054 * 0.25, report.Gate.Rules[1].Interval![0], 1e-12);
        Assert.Equal(ConfidenceBasis.Positions, report.Forward.ConfidenceBasis);
    }

    private delegate void Change(ref Position position);

    private static Position[] Positions(int count, Change change)
    {
        var positions = new Position[count];
        for (var i = 0; i < count; i++) change(ref positions[i]);
        return positions;
    }

    private static ComparisonReport Report(Position[] positions, int? clusterSize, params KeyValuePair<string, double>[] limits)
    {
        var report = ReportGolden.Report(new ReportOptions { ClusterSize = clusterSize, Compatibility = Compatibility.LlamaCpp }, positions, Gate.Parse(limits, new Problems()));
        Assert.DoesNotContain("NaN", JsonSerializer.Serialize(report, JsonOptions), StringComparison.Ordinal);
        return report;
    }
}
