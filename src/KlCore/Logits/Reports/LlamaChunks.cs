using static KlCore.Logits.Reports.LlamaTable;

namespace KlCore.Logits.Reports;

/// <summary>The lines of llama-perplexity's chunks, each with everything up to it, as the positions come; memory does not grow with them.</summary>
/// <param name="plan">Which rows make a chunk; nothing is written where chunks are not known.</param>
/// <param name="firstRow">The number of the first position's row.</param>
public sealed class LlamaChunks(RowPlan plan, long firstRow = 0)
{
    private const string Heading = "chunk             PPL               ln(PPL(Q)/PPL(base))          KL Divergence              Δp RMS            Same top p";

    private readonly LlamaTotals _totals = new();
    private long _row = firstRow;
    private bool _isHeaded;

    /// <summary>Takes the next positions and writes the lines of the chunks that end in them.</summary>
    public void Write(TextWriter writer, ReadOnlySpan<Position> positions)
    {
        if (plan.ChunkRows is not { } rows) return;
        WriteHeading(writer);
        foreach (ref readonly var position in positions)
        {
            if (plan.Counts(_row, position)) _totals.Add(position);
            if (++_row % rows == 0 && _totals.Divergence.Count > 0) WriteChunk(writer, _row / rows, _totals);
        }
    }

    /// <summary>Writes the line of a last chunk that is not whole, and the empty line behind the chunks.</summary>
    public void Complete(TextWriter writer)
    {
        if (plan.ChunkRows is not { } rows) return;
        WriteHeading(writer);
        if (_row % rows != 0 && _totals.Divergence.Count > 0) WriteChunk(writer, _row / rows + 1, _totals);
        Line(writer, "");
    }

    private void WriteHeading(TextWriter writer)
    {
        if (!_isHeaded) Line(writer, Heading);
        _isHeaded = true;
    }

    private static void WriteChunk(TextWriter writer, long chunk, LlamaTotals totals)
    {
        writer.Write(Text($"{chunk,4}"));
        if (totals.LossQ.Count > 0)
        {
            var perplexity = LlamaFormulas.Perplexity(totals);
            writer.Write($"    {Number(perplexity.Q.Value, 9, 4)} ± {Number(perplexity.Q.Uncertainty, 9, 4)}");
            writer.Write($"    {Number(perplexity.LogRatio.Value, 10, 5)} ± {Number(perplexity.LogRatio.Uncertainty, 10, 5)}");
        }
        else
        {
            writer.Write($"    {"-",9}   {"-",9}    {"-",10}   {"-",10}");
        }

        var (mean, error) = LlamaFormulas.Mean(totals.Divergence, totals.SquaredDivergence);
        writer.Write($"    {Number(mean, 10, 5)} ± {Number(error, 10, 5)}");
        if (totals.LossQ.Count > 0) WriteShare(writer, LlamaFormulas.Rms(totals));
        else writer.Write($"    {"-",6}   {"-",6}  ");
        WriteShare(writer, LlamaFormulas.SameTop(totals));
        Line(writer, "");
    }

    private static void WriteShare(TextWriter writer, Uncertain share) =>
        writer.Write($"    {Number(share.Value, 6, 3)} ± {Number(share.Uncertainty, 6, 3)} %");
}
