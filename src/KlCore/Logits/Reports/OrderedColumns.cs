namespace KlCore.Logits.Reports;

/// <summary>
/// Puts the values of each column in order: from the positions, two columns at a time so that 16 bytes for each row are enough, or from
/// the histograms where the positions are not at hand or too many.
/// </summary>
internal static class OrderedColumns
{
    /// <summary>Up to this many rows percentiles are exact.</summary>
    public const long ExactRows = 1 << 23;

    private const int AtOnce = 2;

    /// <summary>Each column with percentiles that has values, in order.</summary>
    public static IEnumerable<(Column Column, OrderedValues Values)> Of(ComparisonTotals totals, IEnumerable<ReadOnlyMemory<Position>>? positions, long firstRow)
    {
        var columns = Columns.WithPercentiles.Where(column => totals[column].Count > 0);
        if (positions is null || totals[Column.Forward].Count > ExactRows)
            return columns.Select(column => (column, totals[column].Sketch!.InOrder(totals[column].Minimum, totals[column].Maximum)));
        return columns.Chunk(AtOnce).SelectMany(chunk => chunk.Zip(Load(totals, chunk, positions, firstRow).Select(OrderedValues.Of)));
    }

    /// <summary>
    /// Half the 95 % intervals of the shares of values that are at most each of some thresholds, from the spread of chunks, in one pass; 0
    /// where chunks or positions are not at hand.
    /// </summary>
    public static double[] ShareErrors(ComparisonTotals totals, Column column, double[] thresholds, IEnumerable<ReadOnlyMemory<Position>>? positions, long firstRow)
    {
        if (positions is null || thresholds.Length == 0 || totals.Plan.ChunkRows is not { } rows) return new double[thresholds.Length];
        var shares = new ShareSpread(thresholds);
        var row = firstRow;
        foreach (var block in positions)
        {
            foreach (ref readonly var position in block.Span)
            {
                if (totals.Plan.Counts(row, position)) shares.Add(Columns.Of(position, column));
                if (++row % rows == 0) shares.CloseCluster();
            }
        }

        shares.CloseCluster();
        return [.. thresholds.Select(shares.HalfWidth)];
    }

    private static double[][] Load(ComparisonTotals totals, Column[] columns, IEnumerable<ReadOnlyMemory<Position>> positions, long firstRow)
    {
        double[][] values = [.. columns.Select(column => new double[totals[column].Count])];
        var counts = new long[columns.Length];
        var row = firstRow;
        foreach (var block in positions)
        {
            foreach (ref readonly var position in block.Span)
            {
                if (totals.Plan.Counts(row++, position)) Take(position, columns, values, counts);
            }
        }

        for (var i = 0; i < columns.Length; i++)
        {
            if (counts[i] != values[i].Length) throw new InvalidOperationException("The positions are not those that were added.");
            Array.Sort(values[i]);
        }

        return values;
    }

    private static void Take(in Position position, Column[] columns, double[][] values, long[] counts)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            var value = Columns.Of(position, columns[i]);
            if (double.IsNaN(value)) continue;
            if (counts[i] == values[i].Length) throw new InvalidOperationException("The positions are not those that were added.");
            values[i][counts[i]++] = value;
        }
    }
}
