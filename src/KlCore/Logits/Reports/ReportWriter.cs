namespace KlCore.Logits.Reports;

/// <summary>Turns totals into the report.</summary>
internal static class ReportWriter
{
    public static ComparisonReport Write(
        ComparisonTotals totals, ReportOptions options, ComparisonSummary about, IReadOnlyList<long[]> ranges, IEnumerable<ReadOnlyMemory<Position>>? positions, Gate? gate)
    {
        var rows = ranges.Sum(range => range[1] - range[0]);
        if (totals[Column.Forward].Count == 0)
            throw new NotComputableException("no-rows", $"No position is left to compare: of {rows} rows {totals.Skipped} were skipped and {totals.Excluded} are no distributions.");
        var again = ranges.Count == 1 ? positions : null;
        var spreads = Spread(totals, options, again, ranges[0][0], gate);
        var (forward, floor) = (totals[Column.Forward].Mean!.Value, totals[Column.NoiseFloor].FiniteMean);
        var isBelow = forward < 3 * floor;
        var isApproximate = spreads.Measures.Values.Any(spread => spread.Error is not null);
        return new ComparisonReport
        {
            Rows = rows,
            Compared = totals[Column.Forward].Count,
            Skipped = totals.Skipped,
            Excluded = totals.Excluded,
            ExcludedRows = totals.Excluded == 0 ? null : totals.ExcludedRows,
            Vocabulary = totals.Vocabulary,
            ChunkRows = totals.Plan.ChunkRows,
            Clusters = totals.Plan.ChunkRows is null ? null : totals[Column.Top1].Clusters,
            Temperature = options.Temperature,
            Unit = options.Unit,
            Forward = Measure(totals, Column.Forward, options, spreads, "p||q"),
            Reverse = Measure(totals, Column.Reverse, options, spreads, "q||p"),
            Jeffreys = Measure(totals, Column.Jeffreys, options, spreads),
            JensenShannon = Measure(totals, Column.JensenShannon, options, spreads),
            TotalVariation = Measure(totals, Column.TotalVariation, options, spreads),
            Hellinger = Measure(totals, Column.Hellinger, options, spreads),
            Entropy = ReportSections.Entropy(totals, options.Unit),
            Agreement = ReportSections.Agreement(totals, options),
            Perplexity = ReportSections.Perplexity(totals, options.Unit),
            TargetProbability = ReportSections.TargetProbability(totals, spreads),
            ByConfidence = ReportSections.ByConfidence(totals, options.Unit),
            ByPosition = ReportSections.ByPosition(totals, options.Unit),
            Worst = ReportSections.Worst(totals, options.Unit),
            Infinite = totals[Column.Jeffreys].Infinite,
            Infinities = totals[Column.Jeffreys].Infinite == 0
                ? null
                : new InfiniteCounts(totals[Column.Forward].Infinite, totals[Column.Reverse].Infinite, totals.InfiniteForward, totals.InfiniteReverse),
            NoiseFloor = options.Unit.FromNats(floor),
            BelowNoiseFloor = isBelow,
            Saturated = totals.Saturated,
            VocabularyRemoved = about.VocabularyP == about.VocabularyQ ? null
                : new RemovedMass(totals[Column.RemovedP].FiniteMean, totals[Column.RemovedQ].FiniteMean, about.VocabularyP, about.VocabularyQ),
            LlamaCpp = options.Compatibility == Compatibility.LlamaCpp ? LlamaColumns.Report(totals, again, ranges[0][0]) : null,
            Gate = gate?.Judge(totals, options.Unit, spreads.Gate),
            Warnings = ReportWarnings.Of(totals, about, isBelow, isApproximate),
        };
    }

    /// <summary>The factor from nats to the report's unit; 1 for what has none.</summary>
    public static double Scale(Column column, Unit unit) => Columns.IsInformation(column) ? unit.FromNats(1) : 1;

    private static MeasureStatistics Measure(ComparisonTotals totals, Column column, ReportOptions options, Spreads spreads, string? direction = null)
    {
        var values = totals[column];
        var scale = Scale(column, options.Unit);
        var spread = spreads.Measures[column];
        var statistics = new MeasureStatistics
        {
            Mean = 0,
            Direction = direction,
            StandardDeviation = values.StandardDeviation * scale,
            Minimum = values.Minimum * scale,
            Maximum = values.Maximum * scale,
            Infinite = values.Infinite,
            Percentiles = spread.Percentiles,
            PercentileError = spread.Error,
        };
        return MeanEstimate.Fill(statistics, values, Columns.Least(column), scale)!;
    }

    private static Spreads Spread(ComparisonTotals totals, ReportOptions options, IEnumerable<ReadOnlyMemory<Position>>? positions, long firstRow, Gate? gate)
    {
        var spreads = new Spreads([], []);
        foreach (var (column, values) in OrderedColumns.Of(totals, positions, firstRow))
        {
            var scale = Scale(column, options.Unit);
            var percentiles = new Dictionary<string, double>();
            foreach (var percent in options.Percentiles) percentiles[Percents.Name(percent)] = values.Percentile(percent) * scale;
            spreads.Measures[column] = (percentiles, values.RelativeError);
            double[] limited = [.. gate?.PercentilesOf(column) ?? []];
            double[] thresholds = [.. limited.Select(values.Percentile)];
            var errors = OrderedColumns.ShareErrors(totals, column, thresholds, positions, firstRow);
            for (var i = 0; i < limited.Length; i++) spreads.Gate[(column, limited[i])] = new PercentileBounds(thresholds[i], values.Bounds(limited[i], errors[i]));
        }

        return spreads;
    }

    /// <summary>What was read off the values in order, while each column was at hand.</summary>
    internal sealed record Spreads(
        Dictionary<Column, (Dictionary<string, double> Percentiles, double? Error)> Measures, Dictionary<(Column Column, double Percent), PercentileBounds> Gate);
}
