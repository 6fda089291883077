using System.Buffers;
using System.Security.Cryptography;
using KlApi.Storage;

namespace KlApi.Datasets;

/// <summary>
/// An upload as it arrives: each piece is counted, hashed, checked by the format's reader and written, and then forgotten. Memory does not grow
/// with the data, and the first malformed byte ends it. Nobody sees the file before it is committed.
/// </summary>
internal sealed class Upload(DatasetFiles files, DatasetQuota.Reservation reservation) : IAsyncDisposable
{
    private const int PieceLength = 128 << 10;

    private readonly PendingFile _file = files.Begin();

    /// <summary>Reads the source to its end and says what it held; the dataset has no id and no time yet.</summary>
    public async Task<Dataset> Receive(Stream source, string? name, DatasetFormat format, bool? header, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var reader = format.Open(header);
        var piece = ArrayPool<byte>.Shared.Rent(PieceLength);
        long received = 0;
        try
        {
            while (await source.ReadAsync(piece, cancellation) is var length and > 0)
            {
                received += length;
                reservation.Need(received);
                files.RequireRoom(length);
                var bytes = piece.AsMemory(0, length);
                reader.Append(bytes.Span);
                hash.AppendData(bytes.Span);
                await _file.Stream.WriteAsync(bytes, cancellation);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        var shape = reader.Complete();
        return new Dataset
        {
            Id = "",
            Name = name ?? format.DefaultName(),
            Format = format,
            Rows = shape.Rows,
            Columns = shape.Columns.Count,
            Bytes = received,
            Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset()),
            CreatedAt = default,
            Schema = shape.Columns,
        };
    }

    /// <summary>Makes it durable under its id and then visible. From here on a client that leaves undoes nothing.</summary>
    public async Task Commit(Dataset dataset, bool? header, DatasetTable table)
    {
        await _file.Commit(dataset.Id);
        try
        {
            await table.Add(dataset, header);
        }
        catch
        {
            files.Delete(dataset.Id);
            throw;
        }
        reservation.Keep(dataset.Bytes);
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
