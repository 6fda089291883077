namespace KlCore.Logits.Reports;

/// <summary>The parts of a report that are not divergences.</summary>
internal static class ReportSections
{
    public static EntropyMeans Entropy(ComparisonTotals totals, Unit unit) => new(
        unit.FromNats(totals[Column.EntropyP].Mean!.Value),
        unit.FromNats(totals[Column.EntropyQ].Mean!.Value),
        unit.FromNats(totals[Column.CrossForward].Mean!.Value),
        unit.FromNats(totals[Column.CrossReverse].Mean!.Value));

    public static Agreement Agreement(ComparisonTotals totals, ReportOptions options)
    {
        double count = totals[Column.Top1].Count;
        var lists = options.TopK.Select((k, i) =>
        {
            var (length, sums) = (Math.Min(k, totals.Vocabulary), totals.TopK[i]);
            return new TopKAgreement(k, sums[0] / count / length, sums[1] / count, sums[2] / count, sums[3] / count / length);
        });
        return new Agreement(Share.Of(totals[Column.Top1]), [.. lists], totals[Column.Rank].FiniteMean);
    }

    public static Perplexities? Perplexity(ComparisonTotals totals, Unit unit)
    {
        MeanEstimate? Of(Column column, double scale = 1) => MeanEstimate.Of(totals[column], Columns.Least(column), scale);
        if (Of(Column.LossP) is not { } p || Of(Column.LossQ) is not { } q) return null;
        var scale = unit.FromNats(1);
        var ratio = Of(Column.LossDifference);
        return new Perplexities(
            Math.Exp(p.Mean),
            Math.Exp(q.Mean),
            ratio is null ? null : Math.Exp(ratio.Mean),
            ratio?.Confidence95?.Select(Math.Exp).ToArray(),
            Of(Column.LossDifference, scale),
            Of(Column.LossP, scale)!,
            Of(Column.LossQ, scale)!,
            new BitsPerToken(Unit.Bits.FromNats(p.Mean), Unit.Bits.FromNats(q.Mean)));
    }

    public static TargetProbabilities? TargetProbability(ComparisonTotals totals, ReportWriter.Spreads spreads)
    {
        var (changes, squares) = (totals[Column.TargetChange], totals[Column.SquaredTargetChange]);
        if (changes.Count == 0) return null;
        var root = Math.Sqrt(squares.FiniteMean);
        var (percentiles, error) = spreads.Measures[Column.TargetChange];
        var statement = new TargetProbabilities
        {
            Mean = 0,
            Rms = root,
            // d sqrt(m) = dm / 2 sqrt(m).
            RmsStandardError = root == 0 ? squares.StandardError : squares.StandardError / (2 * root),
            Minimum = changes.Minimum,
            Maximum = changes.Maximum,
            Percentiles = percentiles,
            PercentileError = error,
        };
        return MeanEstimate.Fill(statement, changes, Columns.Least(Column.TargetChange), 1);
    }

    public static IReadOnlyList<ConfidenceClass> ByConfidence(ComparisonTotals totals, Unit unit)
    {
        var edges = ComparisonTotals.ConfidenceEdges;
        return [.. totals.ByConfidence.Select((part, i) => new ConfidenceClass(
            edges[i], i + 1 < edges.Count ? edges[i + 1] : 1, part.Top1.Count, InUnit(part.Forward, unit), InUnit(part.Reverse, unit), part.Top1.Mean))];
    }

    public static IReadOnlyList<ChunkPart>? ByPosition(ComparisonTotals totals, Unit unit)
    {
        if (totals.Plan.ChunkRows is not { } rows) return null;
        // Part i holds the places o with i <= 10 o / rows < i + 1.
        long Start(int i) => ((long)i * rows + ComparisonTotals.ChunkParts - 1) / ComparisonTotals.ChunkParts;
        return [.. totals.ByPlace
            .Select((part, i) => new ChunkPart(Start(i), Start(i + 1), part.Top1.Count, InUnit(part.Forward, unit), InUnit(part.Reverse, unit), part.Top1.Mean))
            .Where(part => part.From < part.To)];
    }

    public static IReadOnlyList<WorstPosition> Worst(ComparisonTotals totals, Unit unit) =>
        [.. totals.Worst.ToArray().Select(position => position with { Forward = unit.FromNats(position.Forward), Reverse = unit.FromNats(position.Reverse) })];

    private static double? InUnit(ColumnTotals column, Unit unit) => column.Mean is { } mean ? unit.FromNats(mean) : null;
}
