using System.Buffers;
using System.Runtime.InteropServices;
using KlCore.Formats;

namespace KlCore.Logits;

/// <summary>What one thread needs to compare rows; borrowed once for many rows, so that a row allocates nothing.</summary>
internal sealed class RowScratch(RowOptions options) : IDisposable
{
    private double[] _doublesOfP = [];
    private double[] _doublesOfQ = [];
    private double[] _weightsOfP = [];
    private double[] _weightsOfQ = [];
    private float[] _singlesOfP = [];
    private float[] _singlesOfQ = [];

    /// <summary>The top of p.</summary>
    public TopList TopOfP { get; } = new(LongestOf(options));

    /// <summary>The top of q.</summary>
    public TopList TopOfQ { get; } = new(LongestOf(options));

    /// <summary>The row of p as doubles, until the next is asked for.</summary>
    public Span<double> DoublesOfP(LogitRow row) => Doubles(row, ref _doublesOfP);

    /// <summary>The row of q as doubles, until the next is asked for.</summary>
    public Span<double> DoublesOfQ(LogitRow row) => Doubles(row, ref _doublesOfQ);

    /// <summary>Room for the weights of p, until the next is asked for.</summary>
    public Span<double> WeightsOfP(int count) => Room(count, ref _weightsOfP);

    /// <summary>Room for the weights of q, until the next is asked for.</summary>
    public Span<double> WeightsOfQ(int count) => Room(count, ref _weightsOfQ);

    /// <summary>The row of p as floats, until the next is asked for.</summary>
    public Span<float> SinglesOfP(LogitRow row) => Singles(row, ref _singlesOfP);

    /// <summary>The row of q as floats, until the next is asked for.</summary>
    public Span<float> SinglesOfQ(LogitRow row) => Singles(row, ref _singlesOfQ);

    /// <summary>A row of p of doubles as floats, until the next is asked for; false where they are none. Other rows are left as they are.</summary>
    public bool TryNarrowP(ref LogitRow row) => TryNarrow(ref row, ref _singlesOfP);

    /// <summary>The same of q.</summary>
    public bool TryNarrowQ(ref LogitRow row) => TryNarrow(ref row, ref _singlesOfQ);

    /// <inheritdoc/>
    public void Dispose()
    {
        Return(ref _doublesOfP);
        Return(ref _doublesOfQ);
        Return(ref _weightsOfP);
        Return(ref _weightsOfQ);
        Return(ref _singlesOfP);
        Return(ref _singlesOfQ);
    }

    private static int LongestOf(RowOptions options)
    {
        var longest = 0;
        foreach (var size in options.TopK) longest = Math.Max(longest, size);
        return longest;
    }

    private static Span<double> Doubles(LogitRow row, ref double[] buffer)
    {
        var destination = Room(row.Count, ref buffer);
        row.CopyTo(destination);
        return destination;
    }

    private static Span<float> Singles(LogitRow row, ref float[] buffer)
    {
        var destination = Room(row.Count, ref buffer);
        row.CopyTo(destination);
        return destination;
    }

    private static bool TryNarrow(ref LogitRow row, ref float[] buffer)
    {
        if (row.Element != ElementType.F64) return true;
        if (!row.TryNarrow(Room(row.Count, ref buffer))) return false;
        row = new LogitRow(MemoryMarshal.AsBytes(buffer.AsSpan(0, row.Count)), ElementType.F32, row.Count) { Stored = ElementType.F64 };
        return true;
    }

    private static Span<T> Room<T>(int count, ref T[] buffer)
    {
        if (buffer.Length < count)
        {
            Return(ref buffer);
            buffer = ArrayPool<T>.Shared.Rent(count);
        }

        return buffer.AsSpan(0, count);
    }

    private static void Return<T>(ref T[] buffer)
    {
        if (buffer.Length > 0) ArrayPool<T>.Shared.Return(buffer);
        buffer = [];
    }
}
