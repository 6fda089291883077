using KlCore.Formats;

namespace KlCore.Logits.Reports;

/// <summary>
/// Makes a report of positions that arrive in the order of their rows. Memory does not grow with the rows. A part of the rows gives a
/// <see cref="ComparisonSummary"/>; summaries of all parts give the same report as one builder that saw all rows, but for percentiles.
/// </summary>
public sealed class ReportBuilder
{
    private readonly ReportOptions _options;
    private readonly ComparisonTotals _totals;
    private readonly ComparisonSummary _empty;
    private readonly List<long[]> _ranges;
    private bool _isClosed;

    /// <summary>For rows of two files.</summary>
    /// <param name="options">How they are compared; legal.</param>
    /// <param name="p">The reference's rows.</param>
    /// <param name="q">The model's rows.</param>
    /// <param name="firstRow">The number of the first row that is added, in the whole of which this is a part; where a chunk begins.</param>
    /// <exception cref="InvalidInputException">The first row is in the middle of a chunk.</exception>
    public ReportBuilder(ReportOptions options, LogitsShape p, LogitsShape q, long firstRow = 0)
    {
        var chunkRows = options.ClusterSize ?? p.ChunkRows ?? q.ChunkRows;
        if (firstRow % chunkRows is > 0) throw new InvalidInputException("firstRow", $"must be where a chunk of {chunkRows} rows begins, was {firstRow}");
        _empty = Empty(options, p, q, chunkRows);
        _options = options;
        _totals = new ComparisonTotals(options, RowPlan.Of(options, chunkRows), Math.Min(p.Vocabulary, q.Vocabulary));
        _ranges = [[firstRow, firstRow]];
    }

    private ReportBuilder(ComparisonSummary summary)
    {
        (_options, _empty) = (summary.Options, summary);
        _totals = ComparisonTotals.From(summary);
        _ranges = [.. summary.Ranges.Select(range => range.ToArray())];
        _isClosed = true;
    }

    /// <summary>How many rows there were so far.</summary>
    public long Rows => _ranges.Sum(range => range[1] - range[0]);

    /// <summary>How many of them count.</summary>
    public long Compared => _totals[Column.Forward].Count;

    /// <summary>The mean forward KL so far, in nats; null before the first row that counts.</summary>
    public double? ForwardMean => _totals[Column.Forward].Mean;

    /// <summary>How often the likeliest token was the same so far; null before the first row that counts.</summary>
    public double? Top1 => _totals[Column.Top1].Mean;

    /// <summary>Where rows stand in their chunks, and which of them count.</summary>
    public RowPlan Plan => _totals.Plan;

    /// <summary>Adds the next rows, all of them: those to be skipped and those that are no distributions too.</summary>
    /// <exception cref="NotComputableException">A row is no distribution, and the options do not exclude such rows.</exception>
    public void Add(ReadOnlySpan<Position> positions)
    {
        if (_isClosed) throw new InvalidOperationException("The report is made; no rows can be added.");
        var last = _ranges[^1];
        foreach (ref readonly var position in positions)
        {
            _totals.Add(last[1], position);
            last[1]++;
            if (Plan.ChunkRows is { } rows && last[1] % rows == 0) _totals.CloseCluster();
        }
    }

    /// <summary>The report. No rows can be added after.</summary>
    /// <param name="positions">
    /// The same positions in the same order, to be gone through several times for percentiles that are exact; null, or more than 8 million of
    /// them, gives percentiles from a histogram, which say how far off they can be.
    /// </param>
    /// <param name="gate">Limits to hold the report against.</param>
    /// <exception cref="NotComputableException">No row is left to report on.</exception>
    public ComparisonReport Build(IEnumerable<ReadOnlyMemory<Position>>? positions = null, Gate? gate = null)
    {
        Close();
        return ReportWriter.Write(_totals, _options, _empty, _ranges, positions, gate);
    }

    /// <summary>What these rows add to a report on more of them. No rows can be added after.</summary>
    public ComparisonSummary Summarise()
    {
        Close();
        return _totals.Summarise(_empty) with { Ranges = [.. _ranges.Select(range => range.ToArray())] };
    }

    /// <summary>
    /// Puts the summaries of parts together, in any order. Each part must begin and, but for the last, end where a chunk does; no row may be
    /// in two of them. They are looked at one at a time, a few times, so that a list may fetch them when they are wanted.
    /// </summary>
    /// <exception cref="InvalidInputException">The parts do not fit together.</exception>
    public static ReportBuilder Merge(IReadOnlyList<ComparisonSummary> parts)
    {
        var ranges = SummaryChecks.Check(parts);
        int[] inOrder = [.. Enumerable.Range(0, parts.Count).OrderBy(i => ranges[i][0][0])];
        var merged = new ReportBuilder(parts[inOrder[0]] with { StoredWindow = parts.Any(part => part.StoredWindow) });
        foreach (var i in inOrder.Skip(1)) merged._totals.Add(ComparisonTotals.From(parts[i]));
        merged._ranges.Clear();
        foreach (var range in ranges.SelectMany(part => part).OrderBy(range => range[0])) merged.Append(range);
        return merged;
    }

    private void Append(long[] range)
    {
        if (_ranges.Count > 0 && _ranges[^1][1] == range[0]) _ranges[^1][1] = range[1];
        else _ranges.Add([range[0], range[1]]);
    }

    private void Close()
    {
        // Where chunks are not known there are no clusters, and a part is none.
        if (!_isClosed && Plan.ChunkRows is not null) _totals.CloseCluster();
        _isClosed = true;
    }

    private static ComparisonSummary Empty(ReportOptions options, LogitsShape p, LogitsShape q, int? chunkRows) => new()
    {
        Options = options,
        VocabularyP = p.Vocabulary,
        VocabularyQ = q.Vocabulary,
        ChunkRows = chunkRows,
        StoredWindow = p.Format == LogitsFormat.Kld || q.Format == LogitsFormat.Kld,
        Ranges = [],
        Counts = [],
        Rows = [],
        TopK = [],
        Columns = [],
        Parts = [],
        Worst = [],
    };
}
