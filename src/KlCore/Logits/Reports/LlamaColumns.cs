namespace KlCore.Logits.Reports;

/// <summary>Puts llama.cpp's two columns in order, as 32-bit numbers, and makes its report.</summary>
internal static class LlamaColumns
{
    public static LlamaReport Report(ComparisonTotals totals, IEnumerable<ReadOnlyMemory<Position>>? positions, long firstRow)
    {
        var llama = totals.Llama;
        var (divergences, changes) = (llama.Divergence, llama.Change);
        if (positions is null || divergences.Count > OrderedColumns.ExactRows)
        {
            return LlamaFormulas.Report(llama,
                LlamaFormulas.Spread(InOrder(divergences), LlamaFormulas.DivergencePercents, 1),
                changes.Count == 0 ? null : LlamaFormulas.Spread(InOrder(changes), LlamaFormulas.ChangePercents, 100));
        }

        var (divergence, change) = Load(totals, positions, firstRow);
        return LlamaFormulas.Report(llama,
            LlamaFormulas.Spread(divergence, LlamaFormulas.DivergencePercents, 1),
            change.Length == 0 ? null : LlamaFormulas.Spread(change, LlamaFormulas.ChangePercents, 100));
    }

    private static (float[] Divergence, float[] Change) Load(ComparisonTotals totals, IEnumerable<ReadOnlyMemory<Position>> positions, long firstRow)
    {
        var divergence = new float[totals.Llama.Divergence.Count];
        var change = new float[totals.Llama.Change.Count];
        var (row, i, j) = (firstRow, 0, 0);
        foreach (var block in positions)
        {
            foreach (ref readonly var position in block.Span)
            {
                if (!totals.Plan.Counts(row++, position)) continue;
                // The totals leave out NaN too.
                if (!float.IsNaN(position.LlamaDivergence)) divergence[i++] = position.LlamaDivergence;
                if (position.Target >= 0 && LlamaTotals.ChangeOf(position) is var by && !float.IsNaN(by)) change[j++] = by;
            }
        }

        Array.Sort(divergence);
        Array.Sort(change);
        return (divergence, change);
    }

    private static OrderedValues InOrder(ColumnTotals column) => column.Sketch!.InOrder(column.Minimum, column.Maximum);
}
