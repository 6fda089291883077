using KlCore.Numerics;

namespace KlCore.Logits.Reports;

/// <summary>What candidates are ranked by: a number of each position, the smaller the better.</summary>
public enum RankingMetric
{
    /// <summary>KL(p || q).</summary>
    Forward,

    /// <summary>KL(q || p).</summary>
    Reverse,

    /// <summary>The Jensen-Shannon divergence.</summary>
    JensenShannon,

    /// <summary>Total variation.</summary>
    TotalVariation,

    /// <summary>The Hellinger distance.</summary>
    Hellinger,

    /// <summary>-ln q of the token that follows.</summary>
    TargetLoss,
}

/// <summary>One candidate's numbers, row by row over the same rows as the others'.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Values">The metric at each row; NaN where the row does not count (skipped, excluded, no target).</param>
public sealed record RankingCandidate(string Name, ReadOnlyMemory<double> Values)
{
    /// <summary>Reads the metric off positions, NaN for the rows that do not count.</summary>
    /// <param name="name">What the candidate is called.</param>
    /// <param name="positions">All positions in order.</param>
    /// <param name="rows">How many there are.</param>
    /// <param name="plan">Which of them count.</param>
    /// <param name="metric">What is read.</param>
    /// <param name="firstRow">The number of the first position's row.</param>
    public static RankingCandidate Of(
        string name, IEnumerable<ReadOnlyMemory<Position>> positions, long rows, RowPlan plan, RankingMetric metric, long firstRow = 0)
    {
        var values = new double[rows];
        long row = 0;
        foreach (var block in positions)
        {
            foreach (ref readonly var position in block.Span)
            {
                values[row] = plan.Counts(firstRow + row, position) ? Columns.Of(position, ColumnOf(metric)) : double.NaN;
                row++;
            }
        }

        return new RankingCandidate(name, values.AsMemory(0, (int)row));
    }

    private static Column ColumnOf(RankingMetric metric) => metric switch
    {
        RankingMetric.Forward => Column.Forward,
        RankingMetric.Reverse => Column.Reverse,
        RankingMetric.JensenShannon => Column.JensenShannon,
        RankingMetric.TotalVariation => Column.TotalVariation,
        RankingMetric.Hellinger => Column.Hellinger,
        _ => Column.LossQ,
    };
}

/// <summary>Candidates by their means, and which differences between them are more than chance.</summary>
public sealed record ReportRanking
{
    /// <summary>The level at which two candidates are told apart.</summary>
    public const double Level = 0.05;

    /// <summary>How many differences are looked at, at most: pairs of candidates times rows.</summary>
    public const long MostDifferences = 500_000_000;

    /// <summary>How many rows are added up between two looks at whether anybody still waits.</summary>
    private const int RowsAtOnce = 1 << 16;

    /// <summary>What they are ranked by.</summary>
    public required RankingMetric Metric { get; init; }

    /// <summary>The unit of means and differences.</summary>
    public required Unit Unit { get; init; }

    /// <summary>How many positions every candidate has a value at; all means are over these.</summary>
    public required long Positions { get; init; }

    /// <summary>How many chunks they lie in, where chunks are known.</summary>
    public long? Clusters { get; init; }

    /// <summary>The candidates, the smallest mean first.</summary>
    public required IReadOnlyList<RankedCandidate> Candidates { get; init; }

    /// <summary>Every pair, in the order of the candidates.</summary>
    public required IReadOnlyList<PairedDifference> Pairs { get; init; }

    /// <summary>
    /// The longest runs of candidates, in order, no two of which can be told apart at 5 % after Holm's correction. A candidate may be in
    /// several runs; being together in one does not mean to be equal.
    /// </summary>
    public required IReadOnlyList<IReadOnlyList<string>> Groups { get; init; }

    /// <summary>What a reader should know: a stable word, a colon, a sentence.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Ranks candidates.</summary>
    /// <param name="candidates">At least two, of different names, with as many rows each.</param>
    /// <param name="metric">What the values are.</param>
    /// <param name="chunkRows">Rows per chunk, where known: differences are then compared with their spread from chunk to chunk.</param>
    /// <param name="unit">The unit to answer in.</param>
    /// <param name="firstRow">The number of the first row in the whole of which these are a part: chunks are counted from there.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InvalidInputException">There are too few candidates, or they do not have the same rows.</exception>
    /// <exception cref="NotComputableException">No position has a value for every candidate.</exception>
    /// <exception cref="TooCostlyException">There are more than <see cref="MostDifferences"/>.</exception>
    public static ReportRanking Of(
        IReadOnlyList<RankingCandidate> candidates, RankingMetric metric, int? chunkRows = null, Unit unit = Unit.Nats, long firstRow = 0, CancellationToken cancellation = default)
    {
        Check(candidates);
        RequireFewEnough(candidates.Count, candidates[0].Values.Length);
        var scale = metric is RankingMetric.TotalVariation or RankingMetric.Hellinger ? 1 : unit.FromNats(1);
        var rows = CommonRows(candidates);
        if (rows.Length == 0) throw new NotComputableException("no-rows", "No position has a value for every candidate.");
        long ChunkOf(int row) => chunkRows is { } size ? (firstRow + row) / size : 0;
        ColumnTotals Total(Func<int, double> value) => Add(rows, ChunkOf, chunkRows is not null, value, cancellation);
        var columns = candidates.Select(candidate => (candidate.Name, Totals: Total(row => candidate.Values.Span[row]), candidate.Values))
            .OrderBy(candidate => candidate.Totals.Mean).ThenBy(candidate => candidate.Name, StringComparer.Ordinal).ToArray();
        var pairs = new List<PairedDifference>();
        for (var i = 0; i < columns.Length; i++)
            for (var j = i + 1; j < columns.Length; j++)
                pairs.Add(PairedDifference.Of(columns[i].Name, columns[j].Name, Total(Difference(columns[i].Values, columns[j].Values)), scale));
        PairedDifference[] adjusted = [.. Holm.Adjust([.. pairs.Select(pair => pair.PValue)]).Zip(pairs, (value, pair) => pair.Adjusted(value))];
        return new ReportRanking
        {
            Metric = metric,
            Unit = unit,
            Positions = rows.Length,
            Clusters = chunkRows is null ? null : rows.Select(ChunkOf).Distinct().Count(),
            Candidates = [.. columns.Select(column => new RankedCandidate(column.Name, MeanEstimate.Of(column.Totals, 0, scale)!))],
            Pairs = adjusted,
            Groups = Runs([.. columns.Select(column => column.Name)], adjusted),
            Warnings = Warn(columns[0].Totals, chunkRows, adjusted),
        };
    }

    /// <summary>Differences of the second and the first; where both are infinite there is none.</summary>
    private static Func<int, double> Difference(ReadOnlyMemory<double> first, ReadOnlyMemory<double> second) => row => second.Span[row] - first.Span[row];

    private static void Check(IReadOnlyList<RankingCandidate> candidates)
    {
        var problems = new Problems();
        if (candidates.Count < 2) problems.Add($"must be at least two candidates, were {candidates.Count}");
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < candidates.Count; i++)
        {
            if (!names.Add(candidates[i].Name)) problems.At(i).Add($"must not be there twice, was {candidates[i].Name}");
            if (candidates[i].Values.Length != candidates[0].Values.Length)
                problems.At(i).Add($"must have as many rows as the first candidate ({candidates[0].Values.Length}), had {candidates[i].Values.Length}");
        }

        problems.ThrowIfAny();
    }

    /// <summary>Throws if it would take too long.</summary>
    internal static void RequireFewEnough(long candidates, long rows)
    {
        var pairs = candidates * (candidates - 1) / 2;
        if (pairs * rows > MostDifferences)
            throw new TooCostlyException($"Ranking compares each pair of candidates at each row: {pairs} pairs times {rows} rows, where {MostDifferences} differences are allowed.");
    }

    private static int[] CommonRows(IReadOnlyList<RankingCandidate> candidates) =>
        [.. Enumerable.Range(0, candidates[0].Values.Length).Where(row => candidates.All(candidate => !double.IsNaN(candidate.Values.Span[row])))];

    private static ColumnTotals Add(int[] rows, Func<int, long> chunkOf, bool hasChunks, Func<int, double> value, CancellationToken cancellation)
    {
        var totals = new ColumnTotals(false);
        long chunk = -1;
        for (var i = 0; i < rows.Length; i++)
        {
            if (i % RowsAtOnce == 0) cancellation.ThrowIfCancellationRequested();
            if (hasChunks && chunkOf(rows[i]) is var here && here != chunk)
            {
                totals.CloseCluster();
                chunk = here;
            }

            totals.Add(value(rows[i]));
        }

        if (hasChunks) totals.CloseCluster();
        return totals;
    }

    private static List<IReadOnlyList<string>> Runs(string[] names, PairedDifference[] pairs)
    {
        var apart = pairs.Where(pair => pair.Distinguishable).Select(pair => (pair.First, pair.Second)).ToHashSet();
        var runs = new List<IReadOnlyList<string>>();
        var reached = 0;
        for (var from = 0; from < names.Length; from++)
        {
            var to = from + 1;
            while (to < names.Length && Enumerable.Range(from, to - from).All(i => !apart.Contains((names[i], names[to])))) to++;
            if (to > reached) runs.Add(names[from..to]);
            reached = Math.Max(reached, to);
        }

        return runs;
    }

    private static List<string> Warn(ColumnTotals totals, int? chunkRows, PairedDifference[] pairs)
    {
        var warnings = new List<string>();
        if (chunkRows is null || totals.Clusters < 2)
            warnings.Add("independent-positions: errors take positions for independent since chunks are not known; those of one text are not, and p-values are too small");
        else if (totals.Clusters < 10)
            warnings.Add($"few-clusters: errors come from {totals.Clusters} chunks only and are themselves uncertain");
        if (pairs.Any(pair => pair.Difference is null || double.IsInfinity(pair.Difference.Value)))
            warnings.Add("infinite: the metric is infinite at some positions; such differences have no error and no p-value");
        return warnings;
    }
}

/// <summary>A candidate in its place.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Mean">Its mean over the common positions.</param>
public sealed record RankedCandidate(string Name, MeanEstimate Mean);
