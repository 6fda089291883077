using System.Text.Json;
using KlCore.Logits;
using KlCore.Logits.Reports;

namespace KlCore.Tests.Logits;

/// <summary>Every number of a report against numpy and textbook formulas (Reference/reports.py).</summary>
public class ReportTests
{
    private const double Tolerance = 1e-12;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Build_MadeUpPositions_MeansErrorsAndPercentilesAgreeWithNumpy(int index)
    {
        var (report, expected) = Make(index);
        var measures = expected.GetProperty("measures");
        Assert.Equal(expected.GetProperty("compared").GetInt64(), report.Compared);
        Assert.Equal(ReportGolden.Positions.Length - report.Compared, report.Skipped);
        Agree(measures.GetProperty("forward"), report.Forward);
        Agree(measures.GetProperty("reverse"), report.Reverse);
        Agree(measures.GetProperty("jeffreys"), report.Jeffreys);
        Agree(measures.GetProperty("jensenShannon"), report.JensenShannon);
        Agree(measures.GetProperty("totalVariation"), report.TotalVariation);
        Agree(measures.GetProperty("hellinger"), report.Hellinger);
        Assert.Equal(("p||q", "q||p", null), (report.Forward.Direction, report.Reverse.Direction, report.JensenShannon.Direction));
        Assert.Equal(expected.GetProperty("worst").EnumerateArray().Select(row => row.GetInt64()), report.Worst.Select(worst => worst.Row));
        Assert.All(report.Worst, worst => Assert.Equal(worst.Row, worst.Chunk * ReportGolden.ChunkRows + worst.Offset));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Build_MadeUpPositions_AgreementAndEntropiesAgreeWithNumpy(int index)
    {
        var (report, expected) = Make(index);
        var entropy = ReportGolden.Numbers(expected.GetProperty("entropy"));
        Near(entropy, [report.Entropy.P, report.Entropy.Q, report.Entropy.CrossForward, report.Entropy.CrossReverse]);
        Near(expected.GetProperty("top1").GetDouble(), report.Agreement.Top1.Rate);
        var top5 = Assert.Single(report.Agreement.TopK);
        Near(expected.GetProperty("overlap5").GetDouble(), top5.Overlap);
        Near(expected.GetProperty("sameSet5").GetDouble(), top5.SameSet);
        Near(expected.GetProperty("orderedMatch5").GetDouble(), top5.OrderedMatch);
        Near(expected.GetProperty("meanRank").GetDouble(), report.Agreement.MeanRank);
        foreach (var (wanted, part) in expected.GetProperty("byConfidence").EnumerateArray().Zip(report.ByConfidence))
            Near(ReportGolden.Numbers(wanted), [part.Count, part.Forward!.Value, part.Reverse!.Value, part.Top1!.Value]);
        foreach (var (wanted, part) in expected.GetProperty("byPosition").EnumerateArray().Zip(report.ByPosition!))
        {
            Assert.Equal(wanted[0].GetInt64(), part.Count);
            if (part.Count == 0) Assert.Null(part.Forward);
            else Near(wanted[1].GetDouble(), part.Forward!.Value);
        }

        Assert.Equal((0, 24), (report.ByPosition![0].From, report.ByPosition[^1].To));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Build_WithTargets_PerplexitiesAndChangesAgreeWithNumpy(int index)
    {
        var (report, expected) = Make(index);
        var perplexity = report.Perplexity!;
        Near(ReportGolden.Numbers(expected.GetProperty("perplexity")), [perplexity.P, perplexity.Q, perplexity.Ratio!.Value]);
        var logRatio = expected.GetProperty("logRatio");
        Near(logRatio.GetProperty("mean").GetDouble(), perplexity.LogRatio!.Mean, 1e-11);
        Near(logRatio.GetProperty("standardError").GetDouble(), perplexity.LogRatio.StandardError!.Value);
        Near(logRatio.GetProperty("clusterStandardError").GetDouble(), perplexity.LogRatio.ClusterStandardError!.Value);
        Near(Math.Log2(perplexity.P), perplexity.BitsPerToken.P);
        var (change, wanted) = (report.TargetProbability!, expected.GetProperty("change"));
        Near(wanted.GetProperty("mean").GetDouble(), change.Mean, 1e-11);
        Near(wanted.GetProperty("clusterStandardError").GetDouble(), change.ClusterStandardError!.Value);
        Near(ReportGolden.Numbers(wanted.GetProperty("percentiles")), [.. change.Percentiles.Values], 1e-10);
        Near(expected.GetProperty("rootMeanSquare").GetDouble(), change.Rms);
    }

    [Fact]
    public void Build_InBits_OnlyInformationIsConverted()
    {
        var nats = ReportGolden.Report(ReportGolden.Options(), ReportGolden.Positions);
        var bits = ReportGolden.Report(ReportGolden.Options() with { Unit = Unit.Bits }, ReportGolden.Positions);
        Near(nats.Forward.Mean / Math.Log(2), bits.Forward.Mean);
        Near(nats.Forward.Percentiles["99.9"] / Math.Log(2), bits.Forward.Percentiles["99.9"]);
        Near(nats.Perplexity!.LogRatio!.Mean / Math.Log(2), bits.Perplexity!.LogRatio!.Mean);
        Near(nats.Worst[0].Forward / Math.Log(2), bits.Worst[0].Forward);
        Assert.Equal(nats.TotalVariation.Mean, bits.TotalVariation.Mean);
        Assert.Equal(nats.Perplexity.Q, bits.Perplexity.Q);
        Assert.Equal(nats.LlamaCpp!.Divergence.Mean, bits.LlamaCpp!.Divergence.Mean);
    }

    [Fact]
    public void Build_OnePosition_HasNoErrors()
    {
        var report = ReportGolden.Report(new ReportOptions(), ReportGolden.Positions.AsMemory(0, 1));
        Assert.Equal(ReportGolden.Positions[0].Forward, report.Forward.Mean);
        Assert.Equal((null, null, null, null), (report.Forward.StandardError, report.Forward.ClusterStandardError, report.Forward.Confidence95, report.Forward.StandardDeviation));
        Assert.All(report.Forward.Percentiles.Values, value => Assert.Equal(report.Forward.Mean, value));
        Assert.Contains(report.Warnings, warning => warning.StartsWith("independent-positions:", StringComparison.Ordinal));
    }

    [Fact]
    public void Build_EverythingSkipped_IsRefused()
    {
        var builder = new ReportBuilder(new ReportOptions { Skip = 400 }, ReportGolden.Shape(), ReportGolden.Shape());
        builder.Add(ReportGolden.Positions);
        Assert.Equal("no-rows", Assert.Throws<NotComputableException>(() => builder.Build()).Code);
    }

    [Fact]
    public void Build_NoRows_IsRefused() =>
        Assert.Equal("no-rows", Assert.Throws<NotComputableException>(() => new ReportBuilder(new ReportOptions(), ReportGolden.Shape(), ReportGolden.Shape()).Build()).Code);

    [Fact]
    public void Build_InfinitePositions_MeanIsInfiniteAndTheFiniteMeanIsTold()
    {
        var positions = ReportGolden.Positions.ToArray();
        positions[3].Forward = positions[40].Forward = double.PositiveInfinity;
        var report = ReportGolden.Report(ReportGolden.Options(), positions);
        Assert.Equal(double.PositiveInfinity, report.Forward.Mean);
        Near(positions.Where(position => double.IsFinite(position.Forward)).Average(position => position.Forward), report.Forward.FiniteMean!.Value);
        Assert.Equal((null, null, null), (report.Forward.StandardError, report.Forward.ClusterStandardError, report.Forward.Confidence95));
        Assert.Equal(double.PositiveInfinity, report.Forward.Percentiles["99.9"]);
        Assert.True(double.IsFinite(report.Forward.Percentiles["50"]));
        Assert.Equal((2, 2, 0), (report.Infinite, report.Infinities!.Forward, report.Infinities.Reverse));
        Assert.Equal([3, 40], report.Infinities.ForwardRows);
        Assert.Equal([3, 40], report.Worst.Take(2).Select(worst => worst.Row));
        Assert.Contains(report.Warnings, warning => warning.StartsWith("infinite:", StringComparison.Ordinal));
        Assert.Null(report.Reverse.FiniteMean);
    }

    [Fact]
    public void Build_TargetsBothSidesExclude_LeavesNoNaN()
    {
        var positions = ReportGolden.Positions.ToArray();
        (positions[0].TargetLogP, positions[0].TargetLogQ) = (double.NegativeInfinity, double.NegativeInfinity);
        var report = ReportGolden.Report(ReportGolden.Options(), positions);
        Assert.Equal(double.PositiveInfinity, report.Perplexity!.P);
        Assert.True(double.IsFinite(report.Perplexity.Ratio!.Value));
        (positions[1].TargetLogP, positions[2].TargetLogQ) = (double.NegativeInfinity, double.NegativeInfinity);
        Assert.Null(ReportGolden.Report(ReportGolden.Options(), positions).Perplexity!.Ratio);
    }

    [Fact]
    public void Add_RowThatIsNoDistribution_IsRefusedByName()
    {
        var positions = ReportGolden.Positions.ToArray();
        positions[9] = new Position { Facts = PositionFacts.InvalidQ };
        var builder = new ReportBuilder(ReportGolden.Options(), ReportGolden.Shape(), ReportGolden.Shape());
        var refusal = Assert.Throws<NotComputableException>(() => builder.Add(positions));
        Assert.Equal("non-finite", refusal.Code);
        Assert.StartsWith("Row 9 of q", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_ExcludedAndSkipped_AreCountedApartAndLeftOut()
    {
        var positions = ReportGolden.Positions.ToArray();
        positions[9] = new Position { Facts = PositionFacts.InvalidQ };
        positions[25] = new Position { Facts = PositionFacts.InvalidP };
        var report = ReportGolden.Report(ReportGolden.Options(2) with { NonFinite = NonFinitePolicy.Exclude }, positions);
        // Row 25 is the second of its chunk: skipped, whatever it holds.
        Assert.Equal((24, 1, positions.Length - 25), (report.Skipped, report.Excluded, report.Compared));
        Assert.Equal([9L], report.ExcludedRows);
        Near(positions.Where((_, i) => i % 24 >= 2 && i != 9).Average(position => position.Forward), report.Forward.Mean);
    }

    [Fact]
    public void Build_MeanNearTheNoiseFloor_IsFlagged()
    {
        var positions = ReportGolden.Positions.ToArray();
        var mean = positions.Average(position => position.Forward);
        for (var i = 0; i < positions.Length; i++) positions[i].NoiseFloor = mean / 2.9;
        Assert.True(ReportGolden.Report(ReportGolden.Options(), positions).BelowNoiseFloor);
        for (var i = 0; i < positions.Length; i++) positions[i].NoiseFloor = mean / 3.1;
        var report = ReportGolden.Report(ReportGolden.Options(), positions);
        Assert.False(report.BelowNoiseFloor);
        Near(mean / 3.1, report.NoiseFloor);
    }

    [Fact]
    public void Build_OtherVocabulary_TellsTheMassLeftOut()
    {
        var positions = ReportGolden.Positions.ToArray();
        for (var i = 0; i < positions.Length; i++) positions[i].RemovedP = 0.002;
        var builder = new ReportBuilder(ReportGolden.Options(), ReportGolden.Shape(1000), ReportGolden.Shape(990));
        builder.Add(positions);
        var report = builder.Build();
        Assert.Equal(990, report.Vocabulary);
        Near(0.002, report.VocabularyRemoved!.P);
        Assert.Single(report.Warnings, warning => warning.StartsWith("vocabulary-removed:", StringComparison.Ordinal));
    }

    private static (ComparisonReport Report, JsonElement Expected) Make(int index)
    {
        var expected = ReportGolden.Expected(index);
        return (ReportGolden.Report(ReportGolden.Options(expected.GetProperty("skip").GetInt32()), ReportGolden.Positions), expected);
    }

    private static void Agree(JsonElement expected, MeasureStatistics actual)
    {
        double Number(string name) => expected.GetProperty(name).GetDouble();
        Near(Number("mean"), actual.Mean);
        Near(Number("standardDeviation"), actual.StandardDeviation!.Value);
        Near(Number("standardError"), actual.StandardError!.Value);
        Near(Number("clusterStandardError"), actual.ClusterStandardError!.Value);
        Assert.Equal((Number("minimum"), Number("maximum")), (actual.Minimum, actual.Maximum));
        Near(ReportGolden.Numbers(expected.GetProperty("percentiles")), [.. actual.Percentiles.Values]);
        // Student's t with 11 degrees of freedom: 2.200985160082949.
        Near([actual.Mean - 2.200985160082949 * actual.ClusterStandardError.Value, actual.Mean + 2.200985160082949 * actual.ClusterStandardError.Value], actual.Confidence95!, 1e-9);
        Assert.Equal(ConfidenceBasis.Clusters, actual.ConfidenceBasis);
    }

    private static void Near(double[] expected, double[] actual, double tolerance = Tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Near(expected[i], actual[i], tolerance);
    }

    private static void Near(double expected, double actual, double tolerance = Tolerance) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Abs(expected), $"expected {expected:R}, was {actual:R}");
}
