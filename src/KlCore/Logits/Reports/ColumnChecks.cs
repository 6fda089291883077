namespace KlCore.Logits.Reports;

/// <summary>
/// Whether the columns of a summary that came from outside are as they could have been written: what follows from them then is finite work
/// and never NaN, whatever they say.
/// </summary>
internal static class ColumnChecks
{
    private const int SumCount = 6;

    /// <summary>A sum of this many parts spans all doubles.</summary>
    private const int SumParts = 64;

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
        Column.TotalVariation or Column.Hellinger or Column.RemovedP or Column.RemovedQ or Column.SquaredTargetChange => (0, 1 + Slack),
        Column.Top1 => (0, 1),
        Column.TargetChange => (-1 - Slack, 1 + Slack),
        Column.LossDifference or Column.LossP or Column.LossQ => (double.NegativeInfinity, double.PositiveInfinity),
        _ => (0, double.PositiveInfinity),
    };

    private static bool IsWhole(ColumnSummary column, (double Low, double High) ends, bool hasSketch)
    {
        if (!(SummaryChecks.IsCount(column.Finite) && SummaryChecks.IsCount(column.Infinite) && SummaryChecks.IsCount(column.MinusInfinite))) return false;
        if (column.Clusters < 0 || column.Clusters > column.Finite || column.Sums.Count != SumCount || !AreSums(column.Sums)) return false;
        if (hasSketch != column.Sketch is not null || (column.Sketch is not null && !IsWhole(column.Sketch, column))) return false;
        if (!AreEnds(column)) return false;
        if (column.Finite == 0) return column.Sums.All(parts => parts.Length == 0);
        if (column.Minimum > column.Maximum || column.Minimum < ends.Low || column.Maximum > ends.High) return false;
        var mean = ColumnTotals.From(column).FiniteMean;
        var slack = Slack * Math.Max(1e-300, Math.Max(Magnitude(column.Minimum), Magnitude(column.Maximum)));
        return double.IsFinite(mean) && mean >= Math.Max(ends.Low, column.Minimum - slack) && mean <= Math.Min(ends.High, column.Maximum + slack);
    }

    /// <summary>Sums of values are finite, for infinite ones are left out; of their squares and products they may be beyond a double.</summary>
    private static bool AreSums(IReadOnlyList<double[]> sums)
    {
        static bool IsFinite(double[] parts) => parts.All(double.IsFinite);
        static bool IsInfinite(double[] parts) => parts.Length == 1 && double.IsInfinity(parts[0]);
        return sums.All(parts => parts.Length <= SumParts) && IsFinite(sums[0]) && IsFinite(sums[2]) && IsFinite(sums[5])
            && (IsFinite(sums[1]) || IsInfinite(sums[1])) && (IsFinite(sums[3]) || IsInfinite(sums[3])) && (IsFinite(sums[4]) || IsInfinite(sums[4]));
    }

    /// <summary>The ends are infinite where infinite values are counted, and where there are no values, and not else.</summary>
    private static bool AreEnds(ColumnSummary column) =>
        !double.IsNaN(column.Minimum) && !double.IsNaN(column.Maximum)
        && double.IsPositiveInfinity(column.Maximum) == column.Infinite > 0 && double.IsNegativeInfinity(column.Minimum) == column.MinusInfinite > 0
        && double.IsPositiveInfinity(column.Minimum) == (column.Finite + column.MinusInfinite == 0)
        && double.IsNegativeInfinity(column.Maximum) == (column.Finite + column.Infinite == 0);

    private static bool IsWhole(SketchSummary sketch, ColumnSummary column)
    {
        if (Math.Max(sketch.Positive.Length, sketch.Negative.Length) > 2 * QuantileSketch.MaximumIndex) return false;
        long[][] pairs = [.. sketch.Positive, .. sketch.Negative];
        return SummaryChecks.IsCount(sketch.Zeros) && sketch.Infinite == column.Infinite && column.MinusInfinite == 0
            && pairs.All(pair => pair.Length == 2 && SummaryChecks.IsCount(pair[1]) && pair[1] > 0 && pair[0] is > -QuantileSketch.MaximumIndex and < QuantileSketch.MaximumIndex)
            && sketch.Zeros + pairs.Sum(pair => pair[1]) == column.Finite;
    }

    private static double Magnitude(double value) => double.IsFinite(value) ? Math.Abs(value) : 0;

    private static long Named(long count) => Math.Min(ComparisonTotals.NamedRows, count);

    /// <summary>Columns that every position has are as long as each other, and what is counted is also named.</summary>
    private static bool DoCountsAgree(ComparisonSummary summary)
    {
        long Length(Column column) => summary.Columns[(int)column] is var of ? of.Finite + of.Infinite + of.MinusInfinite : 0;
        var every = Enum.GetValues<Column>().Where(column => column < Column.LossP);
        var targets = Enum.GetValues<Column>().Where(column => column >= Column.LossP && column != Column.LossDifference);
        return every.All(column => Length(column) == Length(Column.Forward) && summary.Columns[(int)column].MinusInfinite == 0)
            && targets.All(column => Length(column) == Length(Column.LossP)) && Length(Column.LossP) <= Length(Column.Forward)
            && summary.Rows[0].Length == Named(summary.Columns[(int)Column.Forward].Infinite)
            && summary.Rows[1].Length == Named(summary.Columns[(int)Column.Reverse].Infinite)
            && summary.Rows[2].Length == Named(summary.Counts[1])
            && summary.Columns[(int)Column.Top1].Finite == Length(Column.Top1)
            && summary.Ranges.Sum(range => range[1] - range[0]) == Length(Column.Forward) + summary.Counts[0] + summary.Counts[1]
            && (summary.ChunkRows is not null || summary.Columns.All(column => column.Clusters == 0));
    }
}
