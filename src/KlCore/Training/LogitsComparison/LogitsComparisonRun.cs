using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KlCore.Formats;
using KlCore.Logits;
using KlCore.Logits.Reports;

namespace KlCore.Training.LogitsComparison;

/// <summary>Compares a block of rows at each step. Its state is what the rows so far contributed; from that the report follows, to the last bit.</summary>
internal sealed class LogitsComparisonRun : TrainingRun
{
    private const int LogitsPerStep = 1 << 19;
    private const int MostRows = 4096;

    private readonly LogitsComparisonSpecification _specification;
    private readonly StoredLogits _p, _q;
    private readonly RowOptions _options;
    private readonly Position[] _positions;
    private readonly byte[] _rowsP, _rowsQ;
    private readonly int[] _targets;
    private readonly int _block;
    private ReportBuilder _report;
    private int _done;

    public LogitsComparisonRun(LogitsComparisonSpecification specification, StoredLogits p, StoredLogits q)
    {
        RequireMatch(p, q, specification.Options);
        (_specification, _p, _q) = (specification, p, q);
        _options = new RowOptions
        {
            Temperature = specification.Options.Temperature,
            TopK = specification.Options.TopK,
            LlamaCpp = specification.Options.Compatibility == Compatibility.LlamaCpp,
            IsStoredByLlamaCpp = p.Shape.Format == LogitsFormat.Kld,
        };
        _block = Math.Clamp(LogitsPerStep / Math.Max(p.Shape.Vocabulary, q.Shape.Vocabulary), 1, MostRows);
        _positions = new Position[p.Rows];
        (_rowsP, _rowsQ, _targets) = (new byte[_block * p.Shape.RowBytes], new byte[_block * q.Shape.RowBytes], new int[_block]);
        _report = Builder();
    }

    public override long TotalSteps => (_positions.Length + _block - 1) / _block;

    public override long CompletedSteps => (_done + _block - 1) / _block;

    public override IReadOnlyList<KeyValuePair<string, double>> Step()
    {
        var count = Math.Min(_block, _positions.Length - _done);
        var (rowsP, rowsQ) = (_rowsP.AsMemory(0, count * _p.Shape.RowBytes), _rowsQ.AsMemory(0, count * _q.Shape.RowBytes));
        _p.Read(_done, rowsP);
        _q.Read(_done, rowsQ);
        RowComparison.Compare(
            new LogitRows(rowsP, _p.Shape.Element, _p.Shape.Vocabulary),
            new LogitRows(rowsQ, _q.Shape.Element, _q.Shape.Vocabulary),
            ReadTargets(count),
            _options,
            _positions.AsMemory(_done, count),
            CancellationToken.None);
        _report.Add(_positions.AsSpan(_done, count));
        _done += count;
        return _report.ForwardMean is { } mean ? [new("forward", mean)] : [];
    }

    /// <summary>The positions so far, as they are in memory.</summary>
    public override byte[] Save() => MemoryMarshal.AsBytes(_positions.AsSpan(0, _done)).ToArray();

    public override void Restore(ReadOnlyMemory<byte> state)
    {
        var size = Unsafe.SizeOf<Position>();
        var rows = state.Length / size;
        if (state.Length % size != 0 || rows > _positions.Length || rows % _block != 0 && rows != _positions.Length)
            throw new InvalidInputException("", "The checkpoint is of another specification.");
        MemoryMarshal.Cast<byte, Position>(state.Span).CopyTo(_positions);
        _done = rows;
        _report = Builder();
        _report.Add(_positions.AsSpan(0, rows));
    }

    public override TrainingOutcome Finish() => new(_report.Build([_positions], _specification.Limits(new Problems())), []);

    private ReportBuilder Builder() => new(_specification.Options, _p.Shape, _q.Shape);

    private ReadOnlyMemory<int> ReadTargets(int count)
    {
        if (!_p.HasTargets && !_q.HasTargets) return default;
        (_p.HasTargets ? _p : _q).ReadTargets(_done, _targets.AsSpan(0, count));
        if (!_p.HasTargets || !_q.HasTargets) return _targets.AsMemory(0, count);
        var others = new int[count];
        _q.ReadTargets(_done, others);
        for (var i = 0; i < count; i++)
            if (others[i] != _targets[i])
                throw new NotComputableException("token-mismatch", $"The two sides are of different texts: the first token that differs is the target at index {_done + i}, {_targets[i]} and {others[i]}.");
        return _targets.AsMemory(0, count);
    }

    private static void RequireMatch(StoredLogits p, StoredLogits q, ReportOptions options)
    {
        if (p.Shape.Vocabulary != q.Shape.Vocabulary && options.VocabularyPolicy == VocabularyPolicy.Error)
            throw new NotComputableException("vocabulary-mismatch", $"The vocabularies differ: p has {p.Shape.Vocabulary} logits in a row, q has {q.Shape.Vocabulary}.");
        if (p.Rows != q.Rows) throw new NotComputableException("row-count-mismatch", $"Both sides must have as many rows: p has {p.Rows}, q has {q.Rows}.");
    }
}
