using System.Buffers;
using KlApi.Storage.Logits;
using KlCore.Formats;
using KlCore.Logits;

namespace KlApi.Comparisons;

/// <summary>A few rows of both sides with room for what comparing them gives.</summary>
internal sealed class RowBlock : IDisposable
{
    private const int Bytes = 4 << 20;
    private const int MostRows = 4096;
    private const long MostBytes = 64L << 20;

    private readonly LogitsShape _p, _q;
    private readonly int _rows;
    private readonly byte[] _bytesP, _bytesQ;
    private readonly int[] _targets;
    private readonly Position[] _positions;
    private bool _hasTargets;

    public RowBlock(LogitsShape p, LogitsShape q)
    {
        (_p, _q) = (p, q);
        // Large enough to keep every processor busy, small enough that a client that leaves is noticed at once.
        var longest = Math.Max(p.RowBytes, q.RowBytes);
        var least = (int)Math.Clamp(MostBytes / longest, 1, 2 * Environment.ProcessorCount);
        _rows = Math.Clamp(Bytes / longest, least, MostRows);
        _bytesP = ArrayPool<byte>.Shared.Rent(_rows * p.RowBytes);
        _bytesQ = ArrayPool<byte>.Shared.Rent(_rows * q.RowBytes);
        (_targets, _positions) = (new int[_rows], new Position[_rows]);
    }

    /// <summary>How many rows it holds.</summary>
    public int Count { get; private set; }

    /// <summary>What comparing them gave.</summary>
    public ReadOnlySpan<Position> Positions => _positions.AsSpan(0, Count);

    /// <summary>Reads the next rows of both sides at once; where one side ends before the other, it holds those that both have and says so by false.</summary>
    public async Task<bool> Read(LogitsSource p, LogitsSource q, TargetsSource targets, long first, CancellationToken cancellation)
    {
        var readingP = p.Read(_bytesP.AsMemory(0, _rows * _p.RowBytes), cancellation).AsTask();
        var readingQ = q.Read(_bytesQ.AsMemory(0, _rows * _q.RowBytes), cancellation).AsTask();
        await Task.WhenAll(readingP, readingQ);
        var (rowsP, rowsQ) = (await readingP / _p.RowBytes, await readingQ / _q.RowBytes);
        Count = Math.Min(rowsP, rowsQ);
        _hasTargets = targets.Any;
        if (_hasTargets) await targets.Read(first, _targets.AsMemory(0, Count), cancellation);
        return rowsP == rowsQ;
    }

    /// <summary>Compares the rows.</summary>
    public void Compare(RowOptions options, CancellationToken cancellation) => RowComparison.Compare(
        new LogitRows(_bytesP.AsMemory(0, Count * _p.RowBytes), _p.Element, _p.Vocabulary),
        new LogitRows(_bytesQ.AsMemory(0, Count * _q.RowBytes), _q.Element, _q.Vocabulary),
        _hasTargets ? _targets.AsMemory(0, Count) : ReadOnlyMemory<int>.Empty,
        options,
        _positions,
        cancellation);

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytesP);
        ArrayPool<byte>.Shared.Return(_bytesQ);
    }
}
