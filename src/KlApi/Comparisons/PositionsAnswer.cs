using System.Runtime.CompilerServices;
using System.Text.Json;
using KlApi.Host;
using KlCore.Logits;
using KlCore.Logits.Reports;

namespace KlApi.Comparisons;

/// <summary>Streams what each position contributed; rows that were skipped or excluded are left out.</summary>
internal sealed class PositionsAnswer(StoredComparison comparison, PerPosition form, ComparisonFiles files) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (comparison.RecordBytes == 0) throw Refusal.Conflict("no-positions", "This report was merged from others and has no positions of its own.");
        if (comparison.RecordBytes != Unsafe.SizeOf<Position>()) throw Refusal.Conflict("no-positions", "The positions of this report were written by another version of the service.");
        var summary = ComparisonAnswers.SummaryOf(comparison);
        var plan = RowPlan.Of(summary.Options, summary.ChunkRows);
        var (compared, hasTargets) = About(comparison.Report);
        var writer = PositionsWriter.Of(form, PositionColumns.Of(summary.Options, plan, hasTargets));
        await using var file = files.Open(comparison.Id) ?? throw Refusal.NotFound("comparison");
        var response = httpContext.Response;
        response.ContentType = writer.MediaType;
        response.Headers.ContentDisposition = $"attachment; filename=\"{comparison.Id}{writer.Extension}\"";
        var output = response.BodyWriter;
        writer.Begin(output, compared);
        var row = summary.Ranges[0][0];
        foreach (var piece in PositionRecords.Read(file.SafeFileHandle, comparison.Rows, httpContext.RequestAborted))
        {
            row = Write(writer, output, piece.Span, plan, row);
            if ((await output.FlushAsync(httpContext.RequestAborted)).IsCompleted) return;
        }
    }

    private static long Write(PositionsWriter writer, System.IO.Pipelines.PipeWriter output, ReadOnlySpan<Position> positions, RowPlan plan, long row)
    {
        foreach (ref readonly var position in positions)
        {
            if (plan.Counts(row, position)) writer.Row(output, row, position);
            row++;
        }

        return row;
    }

    /// <summary>How many positions there are to tell of, and whether targets are known.</summary>
    private static (long Compared, bool HasTargets) About(string report)
    {
        using var document = JsonDocument.Parse(report);
        return (document.RootElement.GetProperty("compared").GetInt64(), document.RootElement.TryGetProperty("perplexity", out _));
    }
}
