namespace KlCore.Logits.Reports;

/// <summary>All sums and counts of a comparison, added to row by row or from the totals of other rows.</summary>
internal sealed class ComparisonTotals
{
    /// <summary>How many rows of each kind of event are named.</summary>
    public const int NamedRows = 10;

    /// <summary>The lower ends of the classes of p's largest probability.</summary>
    public static readonly IReadOnlyList<double> ConfidenceEdges = [0, 0.25, 0.5, 0.75, 0.95];

    /// <summary>Into how many parts a chunk is divided.</summary>
    public const int ChunkParts = 10;

    private readonly ReportOptions _options;
    private readonly double[] _values = new double[Logits.Reports.Columns.Count];

    public ComparisonTotals(ReportOptions options, RowPlan plan, int vocabulary)
    {
        (_options, Plan, Vocabulary) = (options, plan, vocabulary);
        Columns = [.. Enum.GetValues<Column>().Select(column => new ColumnTotals(Logits.Reports.Columns.WithPercentiles.Contains(column)))];
        ByConfidence = [.. ConfidenceEdges.Select(_ => new PartTotals())];
        ByPlace = [.. Enumerable.Range(0, ChunkParts).Select(_ => new PartTotals())];
        TopK = [.. options.TopK.Select(_ => new long[4])];
        Worst = new WorstList(options.Worst);
    }

    public RowPlan Plan { get; }

    /// <summary>How many tokens are compared.</summary>
    public int Vocabulary { get; }

    public ColumnTotals[] Columns { get; private init; }

    public PartTotals[] ByConfidence { get; private init; }

    public PartTotals[] ByPlace { get; private init; }

    public LlamaTotals Llama { get; private init; } = new();

    public WorstList Worst { get; private init; }

    /// <summary>For each k: tokens in common, equal sets, equal lists, tokens until the first difference.</summary>
    public long[][] TopK { get; private init; }

    public long Skipped { get; private set; }

    public long Excluded { get; private set; }

    public long Saturated { get; private set; }

    public List<long> InfiniteForward { get; private init; } = [];

    public List<long> InfiniteReverse { get; private init; } = [];

    public List<long> ExcludedRows { get; private init; } = [];

    public ColumnTotals this[Column column] => Columns[(int)column];

    /// <summary>Adds one row.</summary>
    public void Add(long row, in Position position)
    {
        if (Plan.IsSkipped(row))
        {
            Skipped++;
            return;
        }

        if (!Plan.Counts(row, position))
        {
            Exclude(row, position);
            return;
        }

        for (var i = 0; i < _values.Length; i++) Columns[i].Add(Logits.Reports.Columns.Of(position, (Column)i));
        ByConfidence[ClassOf(position.TopProbabilityP)].Add(position);
        if (Plan.ChunkRows is { } rows) ByPlace[Plan.OffsetOf(row) * ChunkParts / rows].Add(position);
        AddTopK(position);
        if (_options.Compatibility == Compatibility.LlamaCpp) Llama.Add(position);
        if ((position.Facts & PositionFacts.Saturated) != 0) Saturated++;
        if (double.IsInfinity(position.Forward)) Note(InfiniteForward, row);
        if (double.IsInfinity(position.Reverse)) Note(InfiniteReverse, row);
        if (Worst.Takes(position.Forward)) Worst.Add(WorstPosition.Of(row, position, Plan));
    }

    /// <summary>Says that the rows since the last call are a cluster.</summary>
    public void CloseCluster()
    {
        foreach (var column in Columns) column.CloseCluster();
    }

    /// <summary>Adds the totals of other rows.</summary>
    public void Add(ComparisonTotals other)
    {
        for (var i = 0; i < Columns.Length; i++) Columns[i].Add(other.Columns[i]);
        for (var i = 0; i < ByConfidence.Length; i++) ByConfidence[i].Add(other.ByConfidence[i]);
        for (var i = 0; i < ByPlace.Length; i++) ByPlace[i].Add(other.ByPlace[i]);
        for (var i = 0; i < TopK.Length; i++)
            for (var j = 0; j < TopK[i].Length; j++) TopK[i][j] += other.TopK[i][j];
        Llama.Add(other.Llama);
        foreach (var position in other.Worst.ToArray()) Worst.Add(position);
        (Skipped, Excluded, Saturated) = (Skipped + other.Skipped, Excluded + other.Excluded, Saturated + other.Saturated);
        foreach (var (mine, theirs) in new[] { (InfiniteForward, other.InfiniteForward), (InfiniteReverse, other.InfiniteReverse), (ExcludedRows, other.ExcludedRows) })
            foreach (var row in theirs) Note(mine, row);
    }

    /// <summary>What is written down; which rows they are is the caller's to say.</summary>
    public ComparisonSummary Summarise(ComparisonSummary empty) => empty with
    {
        Counts = [Skipped, Excluded, Saturated],
        Rows = [[.. InfiniteForward], [.. InfiniteReverse], [.. ExcludedRows]],
        TopK = [.. TopK.Select(sums => sums.ToArray())],
        Columns = [.. Columns.Select(column => column.Summarise())],
        Parts = [.. ByConfidence.Concat(ByPlace).SelectMany(part => part.Summarise()), .. Llama.Summarise()],
        Worst = Worst.ToArray(),
    };

    /// <summary>The totals that were written down.</summary>
    public static ComparisonTotals From(ComparisonSummary summary)
    {
        var classes = ConfidenceEdges.Count;
        PartTotals[] parts = [.. summary.Parts.Take((classes + ChunkParts) * PartTotals.ColumnCount).Chunk(PartTotals.ColumnCount).Select(PartTotals.From)];
        var totals = new ComparisonTotals(summary.Options, RowPlan.Of(summary.Options, summary.ChunkRows), Math.Min(summary.VocabularyP, summary.VocabularyQ))
        {
            Columns = [.. summary.Columns.Select(ColumnTotals.From)],
            ByConfidence = parts[..classes],
            ByPlace = parts[classes..],
            Llama = LlamaTotals.From(summary.Parts.Skip(parts.Length * PartTotals.ColumnCount)),
            TopK = [.. summary.TopK.Select(sums => sums.ToArray())],
            Skipped = summary.Counts[0],
            Excluded = summary.Counts[1],
            Saturated = summary.Counts[2],
            InfiniteForward = [.. summary.Rows[0]],
            InfiniteReverse = [.. summary.Rows[1]],
            ExcludedRows = [.. summary.Rows[2]],
        };
        foreach (var position in summary.Worst) totals.Worst.Add(position);
        return totals;
    }

    private void Exclude(long row, in Position position)
    {
        if (_options.NonFinite == NonFinitePolicy.Error)
        {
            var side = (position.Facts & PositionFacts.InvalidP) != 0 ? "p" : "q";
            throw new NotComputableException("non-finite",
                $"Row {row} of {side} is no distribution: it holds a NaN or +Infinity, or no finite logit. The policy \"exclude\" leaves such rows out and counts them.");
        }

        Excluded++;
        Note(ExcludedRows, row);
    }

    private void AddTopK(in Position position)
    {
        for (var i = 0; i < TopK.Length; i++)
        {
            var k = Math.Min(_options.TopK[i], Vocabulary);
            var (common, ordered) = (position.Overlap[i], position.OrderedMatch[i]);
            TopK[i][0] += common;
            TopK[i][1] += common == k ? 1 : 0;
            TopK[i][2] += ordered == k ? 1 : 0;
            TopK[i][3] += ordered;
        }
    }

    private static int ClassOf(double probability)
    {
        var i = ConfidenceEdges.Count - 1;
        while (i > 0 && probability < ConfidenceEdges[i]) i--;
        return i;
    }

    private static void Note(List<long> rows, long row)
    {
        if (rows.Count == NamedRows && row > rows[^1]) return;
        var place = rows.BinarySearch(row);
        if (place >= 0) return;
        rows.Insert(~place, row);
        if (rows.Count > NamedRows) rows.RemoveAt(NamedRows);
    }
}
