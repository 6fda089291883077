using KlApi.Host;
using KlApi.Storage.Logits;
using KlCore.Logits;
using KlCore.Logits.Reports;

namespace KlApi.Comparisons;

/// <summary>
/// One pass over both sides in step. While one block of rows is compared on all processors the next one is read; memory is that of two blocks, however many rows there are.
/// </summary>
internal sealed class LogitsPass(LogitsSource p, LogitsSource q, TargetsSource targets, ComparisonOptions options, Admission admission)
{
    private readonly RowOptions _rows = RowOptions.Of(options, p.Shape);

    /// <summary>Refuses, before a row is read, sides that cannot be compared by their shapes.</summary>
    public void RequireMatch() => SidesMatch.Require(options, (p.Shape.Vocabulary, p.Shape.Rows), (q.Shape.Vocabulary, q.Shape.Rows));

    /// <summary>Compares all rows; what each contributes goes to <paramref name="positions"/> and into the report.</summary>
    public async Task<ReportBuilder> Run(PositionsFile positions, CancellationToken cancellation)
    {
        RequireMatch();
        var report = new ReportBuilder(options.Alone(), p.Shape, q.Shape, options.FirstRow);
        using var one = new RowBlock(p.Shape, q.Shape);
        using var other = new RowBlock(p.Shape, q.Shape);
        var (current, next) = (one, other);
        var isEven = await current.Read(p, q, targets, 0, cancellation);
        for (long first = 0; current.Count > 0 && isEven; (current, next) = (next, current))
        {
            var block = current;
            first += block.Count;
            using var failure = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var comparing = admission.Compute(() => Compare(block, report, positions, cancellation), cancellation);
            var reading = next.Read(p, q, targets, first, failure.Token);
            try
            {
                await comparing;
            }
            catch
            {
                // Nobody reads into the buffers when they are given back.
                await failure.CancelAsync();
                await reading.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                throw;
            }

            isEven = await reading;
        }

        if (!isEven) throw SidesMatch.RowCounts(p.RowsRead < q.RowsRead ? $"p has {p.RowsRead}, q has more" : $"p has more, q has {q.RowsRead}");
        targets.Complete(p.RowsRead);
        return report;
    }

    private void Compare(RowBlock block, ReportBuilder report, PositionsFile positions, CancellationToken cancellation)
    {
        block.Compare(_rows, cancellation);
        report.Add(block.Positions);
        positions.Append(block.Positions);
    }
}
