using System.Text.Json;
using KlCore.Formats;
using KlCore.Logits;
using KlCore.Logits.Reports;
using KlCore.Numerics;

namespace KlCore.Tests.Logits;

/// <summary>Parts put together must say what one pass says, to the last bit; percentiles to within what they promise.</summary>
public class MergeTests
{
    [Theory]
    [InlineData(0, new[] { 24 })]
    [InlineData(3, new[] { 24, 48, 240 })]
    [InlineData(5, new[] { 96, 120, 144, 168, 264 })]
    public void Merge_PartsAtChunks_GivesTheSameReportAsOnePass(int skip, int[] cuts)
    {
        var options = ReportGolden.Options(skip);
        var whole = Part(options, 0, ReportGolden.Positions.Length);
        int[] edges = [0, .. cuts, ReportGolden.Positions.Length];
        var parts = edges.Zip(edges.Skip(1), (from, to) => Written(Part(options, from, to))).Reverse().ToArray();
        AssertSame(whole, ReportBuilder.Merge(parts).Summarise());
        Assert.Equal(Json(ReportBuilder.Merge([whole]).Build()), Json(ReportBuilder.Merge(parts).Build()));
    }

    [Fact]
    public void Merge_OfMerged_GivesTheSameReportAsOnePass()
    {
        var options = ReportGolden.Options();
        var (first, second, third) = (Part(options, 0, 48), Part(options, 48, 72), Part(options, 72, ReportGolden.Positions.Length));
        var outer = ReportBuilder.Merge([third, first]).Summarise();
        AssertSame(Part(options, 0, ReportGolden.Positions.Length), ReportBuilder.Merge([second, outer]).Summarise());
    }

    [Fact]
    public void Merge_HardNumbers_GivesTheSameBits()
    {
        var random = new Random(7);
        var positions = ReportGolden.Positions.ToArray();
        for (var i = 0; i < positions.Length; i++)
        {
            positions[i].Forward = Math.Exp(random.NextDouble() * 600 - 300);
            if (i % 37 == 0) positions[i].Reverse = double.PositiveInfinity;
            if (i % 41 == 0) positions[i].TargetLogQ = double.NegativeInfinity;
        }

        var options = ReportGolden.Options();
        var parts = new[] { (0, 72), (72, 120), (120, 274) }.Select(cut => Written(Part(options, cut.Item1, cut.Item2, positions))).ToArray();
        AssertSame(Part(options, 0, positions.Length, positions), ReportBuilder.Merge(parts).Summarise());
    }

    [Fact]
    public void Merge_Percentiles_AreWithinWhatTheyPromise()
    {
        var exact = ReportGolden.Report(ReportGolden.Options(), ReportGolden.Positions);
        var merged = ReportBuilder.Merge([Part(ReportGolden.Options(), 0, 120), Part(ReportGolden.Options(), 120, 274)]).Build();
        Assert.Equal(0.005, merged.Forward.PercentileError);
        Assert.Null(exact.Forward.PercentileError);
        Assert.Contains(merged.Warnings, warning => warning.StartsWith("approximate-percentiles:", StringComparison.Ordinal));
        foreach (var (percent, value) in exact.Forward.Percentiles) Assert.InRange(merged.Forward.Percentiles[percent], value * 0.995, value * 1.005);
        // Between values of both signs the error is relative to the values on either side, not to what lies between them.
        foreach (var (percent, value) in exact.TargetProbability!.Percentiles) Assert.InRange(merged.TargetProbability!.Percentiles[percent] - value, -0.005, 0.005);
    }

    [Fact]
    public void Merge_PartsThatDoNotFit_AreRefusedByNumber()
    {
        var options = ReportGolden.Options();
        string[] Refused(params ComparisonSummary[] parts) => [.. Assert.Throws<InvalidInputException>(() => ReportBuilder.Merge(parts)).Problems.ByPointer().Keys];
        Assert.Equal(["/1/ranges"], Refused(Part(options, 0, 48), Part(options, 24, 72)));
        Assert.Equal(["/0/ranges", "/1/ranges"], Refused(Part(options, 0, 30), Part(options, 24, 66) with { Ranges = [[30, 72]], Worst = [] }));
        Assert.Equal(["/1/options"], Refused(Part(options, 0, 24), Part(options with { Temperature = 2 }, 24, 48)));
        Assert.Equal(["/1/vocabularyQ"], Refused(Part(options, 0, 24), Part(options, 24, 48) with { VocabularyQ = 3 }));
        Assert.Equal(["/0"], Refused(Part(options, 0, 24) with { Columns = [] }));
        Assert.Equal([""], Refused());
    }

    [Fact]
    public void Merge_PartsWithoutChunks_GivesTheSameReportAsOnePass()
    {
        var options = ReportGolden.Options() with { ClusterSize = null };
        var parts = new[] { (0, 31), (31, 100), (100, 274) }.Select(cut => Written(Part(options, cut.Item1, cut.Item2))).ToArray();
        var whole = Part(options, 0, 274);
        AssertSame(whole, ReportBuilder.Merge(parts).Summarise());
        var merged = ReportBuilder.Merge(parts).Build();
        Assert.Equal(Json(ReportBuilder.Merge([whole]).Build()), Json(merged));
        var once = ReportGolden.Report(options, ReportGolden.Positions).Forward;
        Assert.Equal((null, ConfidenceBasis.Positions), (merged.Forward.ClusterStandardError, merged.Forward.ConfidenceBasis));
        Assert.Equal(once.Confidence95, merged.Forward.Confidence95);
    }

    [Fact]
    public void Merge_RowsNamedThatAreNotItsOwn_IsRefused()
    {
        var positions = ReportGolden.Positions.ToArray();
        foreach (var row in new[] { 3, 9, 30, 40 }) positions[row].Forward = double.PositiveInfinity;
        var options = ReportGolden.Options();
        var (first, second) = (Part(options, 0, 24, positions), Part(options, 24, 48, positions));
        ComparisonSummary Named(params long[] rows) => second with { Rows = [rows, [], []] };
        string[] Refused(ComparisonSummary altered) => [.. Assert.Throws<InvalidInputException>(() => ReportBuilder.Merge([first, altered])).Problems.ByPointer().Keys];
        Assert.Equal([3L, 9, 30, 40], ReportBuilder.Merge([first, Named(30, 40)]).Build().Infinities!.ForwardRows);
        Assert.All([Named(3, 9), Named(40, 30), Named(30, 30), Named(30), Named(30, 40, 41), Named(30, 48)], altered => Assert.Equal(["/1"], Refused(altered)));
    }

    [Fact]
    public void Merge_InfinityWithoutInfiniteValues_IsRefused()
    {
        var part = Part(ReportGolden.Options(), 0, 24);
        ComparisonSummary With(Func<ColumnSummary, ColumnSummary> alter) => part with { Columns = [alter(part.Columns[0]), .. part.Columns.Skip(1)] };
        double[][] Sums(ColumnSummary column, int at) => [.. column.Sums.Select((sum, i) => i == at ? [double.PositiveInfinity] : sum)];
        ComparisonSummary[] altered =
        [
            With(column => column with { Maximum = double.PositiveInfinity }), With(column => column with { Sums = Sums(column, 0) }),
            With(column => column with { Maximum = double.PositiveInfinity, Sums = Sums(column with { Sums = Sums(column, 0) }, 1) }), With(column => column with { Sums = Sums(column, 2) }),
            With(column => column with { Maximum = double.NaN }), With(column => column with { Sums = [null!, .. column.Sums.Skip(1)] }),
        ];
        Assert.All(altered, summary => Assert.Throws<InvalidInputException>(() => ReportBuilder.Merge([summary])));
    }

    [Fact]
    public void Builder_FirstRowInsideAChunk_IsRefused()
    {
        var shape = ReportGolden.Shape(chunkRows: 24);
        Assert.Equal(["/firstRow"], Assert.Throws<InvalidInputException>(() => new ReportBuilder(new ReportOptions(), shape, shape, 30)).Problems.ByPointer().Keys);
        Assert.Equal(24, new ReportBuilder(new ReportOptions(), shape, shape, 48).Plan.ChunkRows);
        Assert.Null(new ReportBuilder(new ReportOptions(), ReportGolden.Shape(), ReportGolden.Shape(), 30).Plan.ChunkRows);
    }

    [Fact]
    public void Merge_OnePartFromAStoredWindow_Warns()
    {
        var stored = ReportGolden.Shape() with { Format = LogitsFormat.Kld };
        ComparisonSummary Of(LogitsShape p, LogitsShape q, int from)
        {
            var builder = new ReportBuilder(ReportGolden.Options(), p, q, from);
            builder.Add(ReportGolden.Positions.AsSpan(from, 24));
            return Written(builder.Summarise());
        }

        bool Warns(params ComparisonSummary[] parts) => ReportBuilder.Merge(parts).Build().Warnings.Any(warning => warning.StartsWith("stored-window:", StringComparison.Ordinal));
        var plain = Of(ReportGolden.Shape(), ReportGolden.Shape(), 0);
        Assert.False(Warns(plain));
        Assert.True(Warns(Of(stored, ReportGolden.Shape(), 24)));
        Assert.True(Warns(Of(ReportGolden.Shape(), stored, 24), plain));
    }

    [Fact]
    public void ExactTotal_AnyOrder_IsTheRoundedSum()
    {
        double[] terms = [1e308, 1, 1e-300, -1e308, double.Epsilon, 3e100, -3e100, 0.1, 1e16, -1e16];
        var random = new Random(3);
        var expected = new ExactTotal(1, 1e-300, double.Epsilon, 0.1).Value;
        Assert.Equal(1.1, expected);
        for (var i = 0; i < 20; i++)
        {
            random.Shuffle(terms);
            var total = new ExactTotal(terms.AsSpan(0, i % terms.Length));
            total.Add(new ExactTotal(terms.AsSpan(i % terms.Length)));
            Assert.Equal(expected, total.Value);
            Assert.Equal(total.Scaled(), new ExactTotal(total.ToParts()).Scaled());
        }
    }

    [Fact]
    public void ExactTotal_TiesAndTheLargest_AreRoundedAsDoublesAre()
    {
        Assert.Equal(Math.Pow(2, 53), new ExactTotal(Math.Pow(2, 53), 1).Value);
        Assert.Equal(Math.Pow(2, 53) + 4, new ExactTotal(Math.Pow(2, 53), 3).Value);
        Assert.Equal(Math.Pow(2, 53) + 2, new ExactTotal(Math.Pow(2, 53), 1, 1e-300).Value);
        Assert.Equal(double.PositiveInfinity, new ExactTotal(double.MaxValue, double.MaxValue).Value);
        Assert.Equal(double.MaxValue, new ExactTotal(double.MaxValue, double.MaxValue, -double.MaxValue).Value);
        Assert.Equal(-double.Epsilon, new ExactTotal(-double.Epsilon).Value);
    }

    private static ComparisonSummary Part(ReportOptions options, int from, int to, Position[]? positions = null)
    {
        var builder = new ReportBuilder(options, ReportGolden.Shape(), ReportGolden.Shape(), from);
        builder.Add((positions ?? ReportGolden.Positions).AsSpan(from, to - from));
        return builder.Summarise();
    }

    private static readonly JsonSerializerOptions JsonOptions = new() { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, JsonOptions);

    /// <summary>As it comes back from JSON.</summary>
    private static ComparisonSummary Written(ComparisonSummary summary) => JsonSerializer.Deserialize<ComparisonSummary>(Json(summary), JsonOptions)!;

    private static void AssertSame(ComparisonSummary expected, ComparisonSummary actual) => Assert.Equal(Json(expected), Json(actual));
}
