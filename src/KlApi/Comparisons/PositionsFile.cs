using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KlApi.Storage;
using KlCore.Logits;

namespace KlApi.Comparisons;

/// <summary>
/// What each position contributes to a report, on its way to a file of records: written as the rows are compared, read again for exact percentiles, and
/// made durable with the report or not at all.
/// </summary>
internal sealed class PositionsFile(ComparisonFiles files, StorageQuota quota) : IAsyncDisposable
{
    private readonly PendingFile _file = files.Begin();
    private readonly StorageQuota.Reservation _reservation = quota.ReserveOwn();

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>Writes the next ones.</summary>
    public void Append(ReadOnlySpan<Position> positions)
    {
        var bytes = MemoryMarshal.AsBytes(positions);
        _reservation.Need(Count * Unsafe.SizeOf<Position>() + bytes.Length);
        files.RequireRoom(bytes.Length);
        _file.Stream.Write(bytes);
        Count += positions.Length;
    }

    /// <summary>All of them so far, in their order; each piece is overwritten by the next.</summary>
    public IEnumerable<ReadOnlyMemory<Position>> Read(CancellationToken cancellation)
    {
        _file.Stream.Flush();
        return PositionRecords.Read(_file.Stream.SafeFileHandle, Count, cancellation);
    }

    /// <summary>Publishes them with the report that <paramref name="add"/> writes; all that is kept counts.</summary>
    public async Task Commit(StoredComparison stored, Func<Task> add)
    {
        _reservation.Need(stored.Bytes);
        files.RequireRoom(stored.TextBytes);
        await files.Publish(_file, stored.Id, async () =>
        {
            await add();
            return true;
        });
        _reservation.Keep(stored.Bytes);
    }

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        _reservation.Dispose();
    }
}
