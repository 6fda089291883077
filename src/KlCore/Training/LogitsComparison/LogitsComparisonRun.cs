using System.Text;
using KlCore.Logits;
using KlCore.Logits.Reports;

namespace KlCore.Training.LogitsComparison;

/// <summary>A comparison of logits in progress. A step compares a block of rows; its state is what each row so far contributed.</summary>
internal sealed class LogitsComparisonRun : TrainingRun
{
    /// <summary>Logits of one side in a step: about a millisecond, and some thirty where 64-bit logits or short rows ask for doubles.</summary>
    private const int LogitsPerStep = 1 << 19;
    private const int RowsPerStep = 4096;

    private readonly LogitsComparisonSpecification _specification;
    private readonly IStoredLogits _p, _q;
    private readonly RowOptions _rows;
    private readonly ReportBuilder _report;
    private readonly Position[] _positions;
    private readonly int[] _targets;
    private readonly byte[] _bytesP, _bytesQ;
    private readonly int _block;
    private int _done;
    private bool _areOthers;

    /// <summary>Both sides belong to the run from here on.</summary>
    public LogitsComparisonRun(LogitsComparisonSpecification specification, IStoredLogits p, IStoredLogits q)
    {
        (_specification, _p, _q) = (specification, p, q);
        _rows = RowOptions.Of(specification.Options(), p.Shape);
        _targets = Targets(p.Targets, q.Targets);
        _report = new ReportBuilder(specification.Options(), p.Shape, q.Shape);
        _positions = new Position[p.Facts.Rows];
        _block = Math.Clamp(LogitsPerStep / Math.Max(p.Shape.Vocabulary, q.Shape.Vocabulary), 1, RowsPerStep);
        (_bytesP, _bytesQ) = (new byte[_block * p.Shape.RowBytes], new byte[_block * q.Shape.RowBytes]);
    }

    public override long TotalSteps => (_positions.Length + _block - 1) / _block;

    public override long CompletedSteps => (_done + _block - 1) / _block;

    public override IReadOnlyList<KeyValuePair<string, double>> Step()
    {
        if (_areOthers)
            throw new NotComputableException("inputs-changed", "A baseline was deleted and another stored under its name while the comparison was interrupted. Submit it again.");
        var count = Math.Min(_block, _positions.Length - _done);
        var (p, q) = (Read(_p, _bytesP, count), Read(_q, _bytesQ, count));
        var positions = _positions.AsMemory(_done, count);
        var targets = _targets.Length == 0 ? ReadOnlyMemory<int>.Empty : _targets.AsMemory(_done, count);
        RowComparison.Compare(p, q, targets, _rows, positions, CancellationToken.None);
        _report.Add(positions.Span);
        _done += count;
        List<KeyValuePair<string, double>> metrics = [new("rows", _done)];
        if (_report.ForwardMean is { } forward) metrics.Add(new("forwardMean", forward * _specification.Unit.FromNats(1)));
        if (_report.Top1 is { } top1) metrics.Add(new("top1", top1));
        return metrics;
    }

    public override byte[] Save() => SavedPositions.Write(_positions.AsSpan(0, _done), Origin());

    public override void Restore(ReadOnlyMemory<byte> state)
    {
        if (!SavedPositions.TryRead(state.Span, _positions, Origin(), out _done))
        {
            _areOthers = true;
            return;
        }

        _report.Add(_positions.AsSpan(0, _done));
        _p.Skip(_done);
        _q.Skip(_done);
    }

    public override TrainingOutcome Finish()
    {
        var report = _report.Build([_positions], _specification.Limits()) with
        {
            Provenance = new ComparedFiles(ComparedFile.Of(_specification.Baseline, _p), ComparedFile.Of(_specification.Candidate, _q)),
        };
        var summary = _report.Summarise();
        return LogitsComparisonOutcome.Of(report, summary, _report.Plan, _positions, _specification.Baseline, _p.Shape.Identify(_p.Facts.Sha256));
    }

    public override void Dispose()
    {
        _p.Dispose();
        _q.Dispose();
        base.Dispose();
    }

    /// <summary>What the positions are made of. A name may stand for other logits after a while: of another file, or of another tensor of the same one.</summary>
    private string Origin() => string.Join(' ', new[] { _p.Facts, _q.Facts }.Select(facts => $"{facts.Sha256}:{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(facts.Tensor ?? ""))}"));

    private static LogitRows Read(IStoredLogits logits, byte[] bytes, int count)
    {
        var rows = bytes.AsMemory(0, count * logits.Shape.RowBytes);
        logits.Read(rows);
        return new LogitRows(rows, logits.Shape.Element, logits.Shape.Vocabulary);
    }

    /// <summary>Where both sides know what follows a row they must agree, or they are of different texts; where one does, it is what that one knows.</summary>
    private static int[] Targets(IReadOnlyList<int>? p, IReadOnlyList<int>? q)
    {
        if (p is null || q is null) return [.. p ?? q ?? []];
        var targets = new int[p.Count];
        for (var i = 0; i < targets.Length; i++)
        {
            if (!SidesMatch.TryTarget(p[i], q[i], out targets[i])) throw new NotComputableException(SidesMatch.TokenMismatch, SidesMatch.OtherTexts(i, p[i], q[i]));
        }

        return targets;
    }
}
