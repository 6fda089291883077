using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using KlCore.Formats;
using KlCore.Logits;
using KlCore.Logits.Reports;

namespace KlCore.Tests.Logits;

/// <summary>llama.cpp's numbers, by scripts that follow its source operation by operation (Reference/llama.py, reports.py).</summary>
public class LlamaTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Compare_Rows_AgreesWithItsArithmetic(bool isStored)
    {
        foreach (var row in Rows)
        {
            var position = new Position();
            LlamaCppRow.Compare(isStored ? row.Stored : row.P, row.Q, row.Target, new RowOptions { LlamaCpp = true, IsStoredByLlamaCpp = isStored }, ref position);
            // One unit in the last place of an exponential of 32 bits, times a logarithm of a few nats.
            Assert.Equal(row.Divergence, position.LlamaDivergence, 1e-6);
            Assert.Equal(row.LossQ, position.LlamaLossQ, 1e-6 * Math.Max(1, row.LossQ));
            Assert.Equal(row.LossP, position.LlamaLossP, 1e-6 * Math.Max(1, row.LossP));
            Assert.Equal((row.SameTop, row.Saturated), (position.Facts.HasFlag(PositionFacts.LlamaSameTop), position.Facts.HasFlag(PositionFacts.Saturated)));
        }
    }

    [Fact]
    public void Compare_MaskedToken_IsInfiniteWhereTheBaseHasMass()
    {
        float[] q = [1, 0, float.NegativeInfinity, -1];
        var position = new Position();
        LlamaCppRow.Compare([1, 0, 0.5f, -1], q, -1, new RowOptions { LlamaCpp = true }, ref position);
        Assert.Equal(float.PositiveInfinity, position.LlamaDivergence);
        Assert.Equal((0f, 0f), (position.LlamaLossP, position.LlamaLossQ));
    }

    [Theory]
    [InlineData(Compatibility.None)]
    [InlineData(Compatibility.LlamaCpp)]
    public void RowComparison_StoredRows_FindsTargetsAtTheFloor(Compatibility compatibility)
    {
        foreach (var row in Rows)
        {
            var (p, q) = (Of(row.Stored), Of(row.Q));
            var positions = new Position[1];
            RowComparison.Compare(p, q, new[] { row.Target }, new RowOptions { LlamaCpp = compatibility == Compatibility.LlamaCpp, IsStoredByLlamaCpp = true }, positions, default);
            Assert.Equal(row.Saturated, positions[0].Facts.HasFlag(PositionFacts.Saturated));
            Assert.Equal(compatibility == Compatibility.LlamaCpp ? row.Divergence : 0, positions[0].LlamaDivergence, 1e-6);
        }

        static LogitRows Of(float[] row) => new(MemoryMarshal.AsBytes(row.AsSpan()).ToArray(), ElementType.F32, row.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Report_MadeUpPositions_AgreesWithItsFormulas(int index)
    {
        var expected = ReportGolden.Expected(index);
        var report = ReportGolden.Report(ReportGolden.Options(expected.GetProperty("skip").GetInt32()), ReportGolden.Positions).LlamaCpp!;
        var wanted = expected.GetProperty("llama");
        var perplexity = report.Perplexity!;
        Near(wanted, "q", perplexity.Q);
        Near(wanted, "base", perplexity.Base);
        Near(wanted, "logRatio", perplexity.LogRatio);
        Near(wanted, "ratio", perplexity.Ratio);
        Near(wanted, "difference", perplexity.Difference);
        Near(wanted, "rootMeanSquare", report.Rms!);
        Near(wanted, "sameTop", report.SameTop);
        Assert.Equal(wanted.GetProperty("correlation").GetDouble(), perplexity.Correlation!.Value, 1e-6);
        Spread(wanted.GetProperty("divergence"), report.Divergence, 8, 1e-6);
        // A difference of two exponentials below 1, each within a unit of their last places, in per cent.
        Spread(wanted.GetProperty("change"), report.TargetProbability!, 10, 2.5e-5);
    }

    [Fact]
    public void Table_MadeUpPositions_IsLaidOutAsItPrints()
    {
        var options = ReportGolden.Options();
        var report = ReportGolden.Report(options, ReportGolden.Positions).LlamaCpp!;
        using var text = new StringWriter();
        WriteChunks(text, options, ReportGolden.Positions);
        LlamaTable.WriteStatistics(text, report);
        var lines = text.ToString().Split('\n');
        Assert.Equal("chunk             PPL               ln(PPL(Q)/PPL(base))          KL Divergence              Δp RMS            Same top p", lines[0]);
        Assert.Matches(@"^   1    [ \d]{4}\.\d{4} ± [ \d]{4}\.\d{4}    [- \d]{4}\.\d{5} ± [ \d]{4}\.\d{5}    [ \d]{4}\.\d{5} ± [ \d]{4}\.\d{5}    [ \d]{2}\.\d{3} ± [ \d]{2}\.\d{3} %    [ \d]{2,3}\.\d{3} ± [ \d]{2}\.\d{3} %$", lines[1]);
        Assert.StartsWith("  12  ", lines[12], StringComparison.Ordinal);
        Assert.Equal("", lines[13]);
        var mean = report.Divergence.Mean;
        Assert.Equal(
            [
                "====== Perplexity statistics ======", "Mean PPL(Q)                   :", "Mean PPL(base)                :", "Cor(ln(PPL(Q)), ln(PPL(base))):",
                "Mean ln(PPL(Q)/PPL(base))     :", "Mean PPL(Q)/PPL(base)         :", "Mean PPL(Q)-PPL(base)         :", "",
                "====== KL divergence statistics ======", "Mean    KLD:", "Maximum KLD:", "99.9%   KLD:", "99.0%   KLD:", "95.0%   KLD:", "90.0%   KLD:", "Median  KLD:",
                "10.0%   KLD:", " 5.0%   KLD:", " 1.0%   KLD:", " 0.1%   KLD:", "Minimum KLD:", "",
                "====== Token probability statistics ======", "Mean    Δp:", "Maximum Δp:", "99.9%   Δp:", "99.0%   Δp:", "95.0%   Δp:", "90.0%   Δp:", "75.0%   Δp:", "Median  Δp:",
                "25.0%   Δp:", "10.0%   Δp:", " 5.0%   Δp:", " 1.0%   Δp:", " 0.1%   Δp:", "Minimum Δp:", "RMS Δp    :", "Same top p:", "",
            ],
            lines[14..].Select(line => line.Contains(':', StringComparison.Ordinal) ? line[..(line.IndexOf(':', StringComparison.Ordinal) + 1)] : line));
        Assert.Equal(FormattableString.Invariant($"Mean    KLD: {mean.Value,10:F6} ± {mean.Uncertainty,10:F6}"), lines[23]);
        Assert.Matches(@"^Maximum Δp: [ \d]\d\.\d{3}%$", lines[38]);
    }

    [Fact]
    public void Table_LastChunk_IsTheWholeReport()
    {
        var options = ReportGolden.Options();
        var report = ReportGolden.Report(options, ReportGolden.Positions).LlamaCpp!;
        using var text = new StringWriter();
        WriteChunks(text, options, ReportGolden.Positions.AsMemory(0, 31), ReportGolden.Positions.AsMemory(31));
        var last = text.ToString().Split('\n')[12];
        Assert.Contains(FormattableString.Invariant($"{report.Perplexity!.Q.Value,9:F4} ± {report.Perplexity.Q.Uncertainty,9:F4}"), last, StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"{report.Divergence.Mean.Value,10:F5} ± {report.Divergence.Mean.Uncertainty,10:F5}"), last, StringComparison.Ordinal);
    }

    [Fact]
    public void Table_FewPositions_SaysSo()
    {
        var report = ReportGolden.Report(ReportGolden.Options(), ReportGolden.Positions.AsMemory(0, 9)).LlamaCpp!;
        using var text = new StringWriter();
        LlamaTable.WriteStatistics(text, report);
        Assert.Contains("fewer than 100", text.ToString(), StringComparison.Ordinal);
        // It knows no uncertainty of ten and fewer; and 0 / 0 is no number.
        Assert.Equal((0.0, null), (report.Divergence.Mean.Uncertainty, report.Perplexity!.Correlation));
    }

    [Theory]
    [InlineData(50.0625, 6, 3, "50.062")]
    [InlineData(50.1875, 6, 3, "50.188")]
    [InlineData(-0.0625, 6, 3, "-0.062")]
    [InlineData(0.0005, 6, 3, " 0.001")]
    [InlineData(1.0015, 6, 3, " 1.002")]
    [InlineData(2.5, 4, 1, " 2.5")]
    [InlineData(-0.00001, 6, 3, "-0.000")]
    [InlineData(double.PositiveInfinity, 6, 3, "   inf")]
    [InlineData(null, 6, 3, "   nan")]
    public void Number_Ties_AreRoundedAsCDoes(double? value, int width, int decimals, string expected) =>
        Assert.Equal(expected, LlamaTable.Number(value, width, decimals));

    private static void Near(JsonElement wanted, string name, Uncertain actual)
    {
        var (value, uncertainty) = (wanted.GetProperty(name)[0].GetDouble(), wanted.GetProperty(name)[1].GetDouble());
        // Single products are rounded to 32 bits on both sides; an exponential may differ in its last bit.
        Assert.Equal(value, actual.Value!.Value, 1e-7 * Math.Max(1, Math.Abs(value)));
        Assert.Equal(uncertainty, actual.Uncertainty!.Value, 1e-5 * uncertainty);
    }

    private static void Spread(JsonElement wanted, LlamaSpread actual, int count, double tolerance)
    {
        void Agree(JsonElement expected, double value) => Assert.Equal(expected.GetDouble(), value, tolerance);
        Near(wanted, "mean", actual.Mean);
        Assert.Equal(count, actual.Percentiles.Count);
        foreach (var percentile in wanted.GetProperty("percentiles").EnumerateObject()) Agree(percentile.Value, actual.Percentiles[percentile.Name]);
        Agree(wanted.GetProperty("maximum"), actual.Maximum);
        Agree(wanted.GetProperty("minimum"), actual.Minimum);
        Agree(wanted.GetProperty("median"), actual.Median);
    }

    private static readonly JsonSerializerOptions JsonOptions = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private static IReadOnlyList<Row> Rows { get; } =
        JsonSerializer.Deserialize<Row[]>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "llama.json")), JsonOptions)!;

    private sealed record Row(float[] P, float[] Q, int Target, bool Saturated, float[] Stored, double Divergence, double LossQ, double LossP, bool SameTop);

    private static void WriteChunks(TextWriter writer, ReportOptions options, params ReadOnlyMemory<Position>[] blocks)
    {
        var chunks = new LlamaChunks(RowPlan.Of(options, null), 0);
        foreach (var block in blocks) chunks.Write(writer, block.Span);
        chunks.Complete(writer);
    }
}
