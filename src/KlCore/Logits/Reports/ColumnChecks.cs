namespace KlCore.Logits.Reports;

/// <summary>
/// Whether the columns of a summary that came from outside are as they could have been written: what follows from them then is finite work
/// and never NaN, whatever they say.
/// </summary>
internal static class ColumnChecks
{
    private const int SumCount = 6;

    /// <summary>A mean of rounded numbers can be this far outside of their range, relative to it.</summary>
    private const double Slack = 1e-9;

    public static bool AreWhole(ComparisonSummary summary)
    {
        var parts = (ComparisonTotals.ConfidenceEdges.Count + ComparisonTotals.ChunkParts) * PartTotals.ColumnCount;
        if (summary.Columns.Count != Columns.Count || summary.Parts.Count != parts + LlamaTotals.ColumnCount) return false;
        var columns = summary.Columns.Select((column, i) => IsWhole(column, Ends((Column)i), Columns.WithPercentiles.Contains((Column)i)));
        var others = summary.Parts.Select((column, i) => IsWhole(column, (double.NegativeInfinity, double.PositiveInfinity), LlamaTotals.HasSketch(i - parts)));
        return columns.All(isWhole => isWhole) && others.All(isWhole => isWhole) && DoCountsAgree(summary);
    }

    /// <summary>Between what a column's values lie.</summary>
    private static (double Low, double High) Ends(Column column) => column switch
    {
        Column.TotalVariation or Column.Hellinger or Column.RemovedP or Column.RemovedQ or Column.Top1 or Column.SquaredTargetChange => (0, 1 + Slack),
        Column.TargetChange => (-1 - Slack, 1 + Slack),
        Column.LossDifference or Column.LossP or Column.LossQ => (double.NegativeInfinity, double.PositiveInfinity),
        _ => (0, double.PositiveInfinity),
    };

    private static bool IsWhole(ColumnSummary column, (double Low, double High) ends, bool hasSketch)
    {
        if (!(SummaryChecks.IsCount(column.Finite) && SummaryChecks.IsCount(column.Infinite) && SummaryChecks.IsCount(column.MinusInfinite))) return false;
        if (column.Clusters < 0 || column.Clusters > column.Finite || column.Sums.Count != SumCount || column.Sums.Any(parts => parts.Length > 64)) return false;
        var count = column.Finite + column.Infinite + column.MinusInfinite;
        if (hasSketch != column.Sketch is not null || (column.Sketch is not null && !IsWhole(column.Sketch, count))) return false;
        if (count == 0) return column.Sums.All(parts => parts.Length == 0);
        if (column.Minimum > column.Maximum || column.Minimum < ends.Low || column.Maximum > ends.High) return false;
        var mean = ColumnTotals.From(column).FiniteMean;
        var slack = Slack * Math.Max(1e-300, Math.Max(Math.Abs(column.Minimum), Math.Abs(column.Maximum)));
        return column.Finite == 0 || (mean >= column.Minimum - slack && mean <= column.Maximum + slack);
    }

    private static bool IsWhole(SketchSummary sketch, long count)
    {
        long[][] pairs = [.. sketch.Positive, .. sketch.Negative];
        return SummaryChecks.IsCount(sketch.Zeros) && SummaryChecks.IsCount(sketch.Infinite)
            && pairs.All(pair => pair.Length == 2 && SummaryChecks.IsCount(pair[1]) && pair[1] > 0 && Math.Abs(pair[0]) < QuantileSketch.MaximumIndex)
            && sketch.Zeros + sketch.Infinite + pairs.Sum(pair => pair[1]) == count;
    }

    /// <summary>Columns that every position has are as long as each other, and what is counted is also named.</summary>
    private static bool DoCountsAgree(ComparisonSummary summary)
    {
        long Length(Column column) => summary.Columns[(int)column] is var of ? of.Finite + of.Infinite + of.MinusInfinite : 0;
        var every = Enum.GetValues<Column>().Where(column => column < Column.LossP);
        var targets = Enum.GetValues<Column>().Where(column => column >= Column.LossP && column != Column.LossDifference);
        return every.All(column => Length(column) == Length(Column.Forward) && summary.Columns[(int)column].MinusInfinite == 0)
            && targets.All(column => Length(column) == Length(Column.LossP)) && Length(Column.LossP) <= Length(Column.Forward)
            && summary.Columns[(int)Column.Forward].Infinite > 0 == summary.Rows[0].Length > 0
            && summary.Columns[(int)Column.Reverse].Infinite > 0 == summary.Rows[1].Length > 0
            && summary.Counts[1] > 0 == summary.Rows[2].Length > 0
            && summary.Columns[(int)Column.Top1].Finite == Length(Column.Top1);
    }
}
