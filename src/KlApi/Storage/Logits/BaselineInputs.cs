using System.Runtime.InteropServices;
using KlApi.Host;
using KlCore.Formats;
using KlCore.Training;

namespace KlApi.Storage.Logits;

/// <summary>Gives jobs the baselines that their specifications name. The core is synchronous: what is asynchronous here is waited for, on the thread of the job.</summary>
internal sealed class BaselineInputs(BaselineTable table, BaselineFiles files)
{
    /// <summary>What is known of a baseline, or null.</summary>
    public LogitsFacts? Find(string name) => Stored(name) is { } stored ? FactsOf(stored) : null;

    /// <summary>A baseline at its first row, or null.</summary>
    public IStoredLogits? Open(string name)
    {
        if (Stored(name) is not { } stored) return null;
        try
        {
            var open = OpenBaseline.Open(stored, files, CancellationToken.None).GetAwaiter().GetResult();
            return new StoredLogits(open, FactsOf(stored));
        }
        catch (RefusedException refused) when (refused.Status == StatusCodes.Status404NotFound)
        {
            return null;
        }
    }

    private StoredBaseline? Stored(string name) => table.Find(name).GetAwaiter().GetResult();

    private static LogitsFacts FactsOf(StoredBaseline stored) => new(stored.Baseline.Rows, stored.Baseline.Vocabulary, stored.Baseline.Sha256, stored.Baseline.Tensor);

    private sealed class StoredLogits(OpenBaseline baseline, LogitsFacts facts) : IStoredLogits
    {
        private int[]? _targets;

        public LogitsFacts Facts => facts;

        public LogitsShape Shape => baseline.Rows.Shape;

        public IReadOnlyList<int>? Targets => baseline.Targets is { } file ? _targets ??= ReadTargets(file) : null;

        public void Read(Memory<byte> rows)
        {
            if (baseline.Rows.Read(rows, CancellationToken.None).AsTask().GetAwaiter().GetResult() < rows.Length)
                throw new EndOfStreamException("The file of a baseline is shorter than its row says.");
        }

        public void Skip(long rows) => baseline.Rows.Skip(rows * Shape.RowBytes, CancellationToken.None).AsTask().GetAwaiter().GetResult();

        public void Dispose() => baseline.DisposeAsync().AsTask().GetAwaiter().GetResult();

        private int[] ReadTargets(FileStream file)
        {
            var targets = new int[facts.Rows];
            file.ReadExactly(MemoryMarshal.AsBytes(targets.AsSpan()));
            return targets;
        }
    }
}
