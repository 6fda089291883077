using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using KlApi.Storage.Logits;
using KlCore.Formats;

namespace KlApi.Baselines;

/// <summary>A baseline on its way to another format, row by row: memory is that of a few rows, and of the targets.</summary>
internal sealed class BaselineConversion : IAsyncDisposable
{
    private const int BlockBytes = 256 << 10;

    private readonly OpenBaseline _baseline;
    private readonly LogitsWriter _writer;
    private readonly ConvertOptions _options;

    private BaselineConversion(OpenBaseline baseline, LogitsWriter writer, ConvertOptions options, int[]? targets) =>
        (_baseline, _writer, _options, Targets) = (baseline, writer, options, targets);

    /// <summary>The next tokens of the rows, where they were asked for and are known.</summary>
    public int[]? Targets { get; }

    /// <summary>How many bytes there will be; null where only writing them tells.</summary>
    public long? Length => _writer.Length;

    /// <summary>Whether every logit has a place in the new format, whatever it is. Otherwise only going through all of them tells.</summary>
    public bool IsSure
    {
        get
        {
            var from = _baseline.Rows.Shape.Element;
            var to = _options.To == LogitsFormat.Kld ? ElementType.F32 : _options.Type ?? from;
            // Types stand in the order of their ranges.
            return _options.To != LogitsFormat.JsonLines && from <= to;
        }
    }

    /// <summary>Opens the baseline; refuses what the format cannot hold as far as that is known before the rows are read.</summary>
    /// <param name="stored">The baseline.</param>
    /// <param name="options">What it becomes.</param>
    /// <param name="files">Where it is.</param>
    /// <param name="needsTargets">Whether the next tokens are wanted although the format has no place for them.</param>
    /// <param name="cancellation">Stops it.</param>
    public static async Task<BaselineConversion> Open(StoredBaseline stored, ConvertOptions options, BaselineFiles files, bool needsTargets, CancellationToken cancellation)
    {
        var baseline = await OpenBaseline.Open(stored, files, cancellation);
        try
        {
            var keepsTargets = options.To != LogitsFormat.Npy;
            var targets = keepsTargets || needsTargets ? await ReadTargets(baseline.Targets, stored.Baseline.Rows, cancellation) : null;
            var content = new LogitsContent(baseline.Rows.Shape, stored.Baseline.Rows)
            {
                Element = options.Type,
                Targets = keepsTargets ? targets : null,
                ChunkRows = options.ChunkRows ?? stored.Baseline.ChunkRows,
            };
            return new BaselineConversion(baseline, LogitsWriter.Create(options.To, content), options, targets);
        }
        catch
        {
            await baseline.DisposeAsync();
            throw;
        }
    }

    /// <summary>Goes through all rows without writing them anywhere; returns how many bytes they become.</summary>
    /// <exception cref="KlCore.NotComputableException">A logit has no place in the new format.</exception>
    public async Task<long> Measure(CancellationToken cancellation)
    {
        var counter = new CountingOutput();
        await Run(counter, () => Task.FromResult(true), cancellation);
        return counter.Count;
    }

    /// <summary>Writes all of it, as fast as the other end reads; an end that wants no more ends it.</summary>
    public Task WriteTo(PipeWriter output, CancellationToken cancellation) => Run(output, async () => !(await output.FlushAsync(cancellation)).IsCompleted, cancellation);

    public ValueTask DisposeAsync() => _baseline.DisposeAsync();

    private async Task Run(IBufferWriter<byte> output, Func<Task<bool>> passOn, CancellationToken cancellation)
    {
        var rowBytes = _baseline.Rows.Shape.RowBytes;
        var block = ArrayPool<byte>.Shared.Rent(rowBytes * Math.Max(1, BlockBytes / rowBytes));
        try
        {
            var rows = block.AsMemory(0, rowBytes * Math.Max(1, BlockBytes / rowBytes));
            while (_writer.StartSome(output))
                if (!await passOn()) return;
            while (await _baseline.Rows.Read(rows, cancellation) is var length and > 0)
            {
                _writer.Write(rows.Span[..length], output);
                if (!await passOn()) return;
            }

            _writer.Complete();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private static async Task<int[]?> ReadTargets(Stream? file, long count, CancellationToken cancellation)
    {
        if (file is null) return null;
        var targets = new int[count];
        var piece = new byte[Math.Min(count * sizeof(int), BlockBytes)];
        for (var done = 0; done < targets.Length; done += piece.Length / sizeof(int))
        {
            var length = Math.Min(piece.Length, (targets.Length - done) * sizeof(int));
            await file.ReadExactlyAsync(piece.AsMemory(0, length), cancellation);
            MemoryMarshal.Cast<byte, int>(piece.AsSpan(0, length)).CopyTo(targets.AsSpan(done));
        }

        return targets;
    }

    /// <summary>Forgets what is written and remembers how much it was.</summary>
    private sealed class CountingOutput : IBufferWriter<byte>
    {
        private byte[] _room = new byte[64 << 10];

        public long Count { get; private set; }

        public void Advance(int count) => Count += count;

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            if (sizeHint > _room.Length) _room = new byte[sizeHint];
            return _room;
        }

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
