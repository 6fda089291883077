using System.Globalization;
using System.Runtime.CompilerServices;
using KlCore.Logits;
using KlCore.Logits.Reports;

namespace KlApi.Comparisons;

/// <summary>Streams the table that <c>llama-perplexity --kl-divergence</c> prints: a line for each chunk, then the statistics.</summary>
internal sealed class LlamaTableAnswer(StoredComparison comparison, LlamaReport numbers, ComparisonFiles files) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, aborted) = (httpContext.Response, httpContext.RequestAborted);
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        response.ContentType = "text/plain; charset=utf-8";
        if (comparison.RecordBytes == Unsafe.SizeOf<Position>() && files.Open(comparison.Id) is { } file)
        {
            await using (file)
            {
                var summary = ComparisonAnswers.SummaryOf(comparison);
                var chunks = new LlamaChunks(RowPlan.Of(summary.Options, summary.ChunkRows), summary.Ranges[0][0]);
                foreach (var piece in PositionRecords.Read(file.SafeFileHandle, comparison.Rows, aborted))
                {
                    chunks.Write(text, piece.Span);
                    await Send();
                }

                chunks.Complete(text);
            }
        }

        LlamaTable.WriteStatistics(text, numbers);
        await Send();

        async Task Send()
        {
            await response.WriteAsync(text.ToString(), aborted);
            text.GetStringBuilder().Clear();
        }
    }
}
