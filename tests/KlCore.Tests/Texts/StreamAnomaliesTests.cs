using KlCore.Numerics;
using KlCore.Texts.Streams;

namespace KlCore.Tests.Texts;

public class StreamAnomaliesTests
{
    [Fact]
    public void Look_OneWindow_HasTheDivergenceAndTestOfItsDefinition()
    {
        var window = Of(new() { ["a"] = 80, ["b"] = 20 }, ["a", "b", "a", "b", "a", "b", "a", "b", "a", "b"], 10, how => how with { MinimumExpected = 1, Alpha = 1 }).Windows.Single();
        Assert.Equal((0.5 * Math.Log(0.5 / (81 / 102.0))) + (0.5 * Math.Log(0.5 / (21 / 102.0))), window.Divergence, 1e-14);
        // 2 sum observed ln(observed / expected) over the table 5 5 | 80 20, whose columns have 85 and 25 of 110.
        var g = 2 * ((5 * Math.Log(5 / (85 * 10 / 110.0))) + (5 * Math.Log(5 / (25 * 10 / 110.0))) + (80 * Math.Log(80 / (85 * 100 / 110.0))) + (20 * Math.Log(20 / (25 * 100 / 110.0))));
        Assert.Equal(g, window.GStatistic, 1e-12);
        // One degree of freedom: the tail of chi-squared is that of a normal on both sides.
        Assert.Equal(2 * StandardNormal.Cumulative(-Math.Sqrt(g)), window.PValue, 1e-12);
        Assert.Equal((0, window.PValue, false, null), (window.Start, window.AdjustedPValue, window.IsAnomaly, window.Contributors));
    }

    /// <summary>Of streams that are like their baseline, no more than the level have an anomaly anywhere.</summary>
    [Fact]
    public void Look_StreamsLikeTheirBaseline_RarelyHaveAnomalies()
    {
        var alarms = 0;
        for (var run = 0; run < 300; run++)
        {
            var random = new RandomStream(4, run, "stream");
            var baseline = Draw([0.5, 0.3, 0.15, 0.05], 500, random).GroupBy(name => name).ToDictionary(group => group.Key, group => (double)group.Count());
            if (Of(baseline, Draw([0.5, 0.3, 0.15, 0.05], 1000, random), 100, how => how with { Level = 0.1 }).Anomalies > 0) alarms++;
        }

        // 30 expected at most, with a deviation of 5.2; windows share one baseline, so that Holm's correction is on the safe side.
        Assert.InRange(alarms, 3, 45);
    }

    [Fact]
    public void Look_ABurst_IsFoundWhereItIsAndNamed()
    {
        var random = new RandomStream(5, 0, "stream");
        string[] stream = [.. Draw([0.6, 0.4], 300, random), .. Draw([0.3, 0.2, 0.5], 100, random), .. Draw([0.6, 0.4], 200, random)];
        var report = Of(new() { ["a"] = 600, ["b"] = 400 }, stream, 100);
        Assert.Equal((1, 3, 2 + 1), (report.Anomalies, report.Categories, report.TestedCategories));
        var found = report.Windows.Single(window => window.IsAnomaly);
        Assert.Equal((300, "c"), (found.Start, found.Contributors![0].Category));
        Assert.Equal(stream[300..400].Count(name => name == "c"), found.Contributors[0].Count);
        Assert.Equal(100 * 0.5 / 1001.5, found.Contributors[0].Expected, 1e-12);
        Assert.True(found.AdjustedPValue >= found.PValue);
    }

    [Fact]
    public void Contributions_OfAllCategories_AddUpToTheDivergence()
    {
        var report = Of(new() { ["a"] = 90, ["b"] = 10 }, [.. Enumerable.Repeat("c", 8), "a", "a"], 10, how => how with { Top = 100, Unit = Unit.Bits, MinimumExpected = 0 });
        var window = report.Windows.Single();
        Assert.True(window.IsAnomaly);
        Assert.Equal(window.Divergence, window.Contributors!.Sum(entry => entry.Contribution), 1e-12);
    }

    [Fact]
    public void Windows_BySteps_OverlapAndSaySo()
    {
        var report = Of(new() { ["a"] = 90, ["b"] = 10 }, [.. Enumerable.Repeat("a", 25)], 10, how => how with { Step = 5 });
        Assert.Equal([0, 5, 10, 15], report.Windows.Select(window => window.Start));
        Assert.Single(report.Warnings, warning => warning.Contains("overlap", StringComparison.Ordinal));
        Assert.Contains("too rare", Of(new() { ["a"] = 1, ["b"] = 1 }, ["a", "b"], 2).Warnings.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void Look_WhatIsNotLegalOrTooMuch_IsRefused()
    {
        var failure = Assert.Throws<InvalidInputException>(() => Of(new() { ["a"] = 1.5, ["b"] = double.NaN }, ["a"], 2, how => how with { Level = 0, Step = 0 }));
        Assert.Equal(["/baseline/a", "/baseline/b", "/level", "/step", "/stream"], failure.Problems.ByPointer().Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["/baseline"], Assert.Throws<InvalidInputException>(() => Of([], ["a", "a"], 2)).Problems.ByPointer().Keys);
        Assert.Throws<TooCostlyException>(() => Of(new() { ["a"] = 1 }, [.. Enumerable.Repeat("a", 20_010)], 2, how => how with { Step = 1 }));
    }

    private static StreamReport Of(Dictionary<string, double> baseline, string[] stream, int window, Func<StreamAnomalies, StreamAnomalies>? with = null)
    {
        var how = new StreamAnomalies { Baseline = baseline, Stream = stream, Window = window };
        return (with is null ? how : with(how)).Look();
    }

    private static string[] Draw(double[] probabilities, int count, RandomStream random)
    {
        var drawn = new string[count];
        for (var i = 0; i < count; i++)
        {
            var (u, category) = (random.NextUniform(), 0);
            while (category < probabilities.Length - 1 && (u -= probabilities[category]) > 0) category++;
            drawn[i] = ((char)('a' + category)).ToString();
        }

        return drawn;
    }
}
