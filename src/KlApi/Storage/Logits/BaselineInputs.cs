using System.Runtime.InteropServices;
using KlCore.Formats;
using KlCore.Training;

namespace KlApi.Storage.Logits;

/// <summary>Gives jobs the baselines that their specifications name.</summary>
internal sealed class BaselineInputs(BaselineTable table, BaselineFiles files)
{
    /// <summary>The baseline of this name, or null. Nothing is opened before a row is read.</summary>
    public StoredLogits? Find(string name) => table.Find(name).GetAwaiter().GetResult() is { } stored ? new BaselineLogits(stored, files) : null;

    /// <summary>
    /// A baseline that is read forward. The core is synchronous and a job reads on a thread of its own. What is open is closed by its finalizer: a run has no end of
    /// which it could tell.
    /// </summary>
    private sealed class BaselineLogits(StoredBaseline stored, BaselineFiles files) : StoredLogits
    {
        private OpenBaseline? _open;
        private long _next, _nextTarget;

        public override LogitsShape Shape => Open().Rows.Shape;

        public override long Rows => stored.Baseline.Rows;

        public override bool HasTargets => stored.TargetsFile is not null;

        public override void Read(long first, Memory<byte> rows)
        {
            if (first < _next) Close();
            var open = Open();
            var skipped = new byte[first > _next ? Shape.RowBytes : 0];
            for (; _next < first; _next++) open.Rows.Read(skipped, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            if (open.Rows.Read(rows, CancellationToken.None).AsTask().GetAwaiter().GetResult() < rows.Length) throw new EndOfStreamException("The baseline is shorter than its row says.");
            _next += rows.Length / Shape.RowBytes;
        }

        public override void ReadTargets(long first, Span<int> targets)
        {
            var file = Open().Targets!;
            if (first != _nextTarget) file.Position = first * sizeof(int);
            file.ReadExactly(MemoryMarshal.AsBytes(targets));
            _nextTarget = first + targets.Length;
        }

        private OpenBaseline Open() => _open ??= OpenBaseline.Open(stored, files, CancellationToken.None).GetAwaiter().GetResult();

        private void Close()
        {
            _open?.DisposeAsync().AsTask().GetAwaiter().GetResult();
            (_open, _next, _nextTarget) = (null, 0, 0);
        }
    }
}
