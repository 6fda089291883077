using System.Buffers;
using System.Security.Cryptography;

namespace KlApi.Storage;

/// <summary>What an upload was.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its hash, 64 hexadecimal digits in lower case.</param>
internal sealed record Received(long Bytes, string Sha256);

/// <summary>
/// An upload as it arrives: each piece is counted, hashed, checked and written, and then forgotten. Memory does not grow with the data, and
/// what the check throws ends it. Nobody sees the file before it is committed.
/// </summary>
internal sealed class Upload(StoredFiles files, StorageQuota.Reservation reservation) : IAsyncDisposable
{
    private const int PieceLength = 128 << 10;

    private readonly PendingFile _file = files.Begin();
    private long _bytes;

    /// <summary>Reads the source to its end; <paramref name="check"/> sees every byte before it is stored.</summary>
    public async Task<Received> Receive(Stream source, Action<ReadOnlyMemory<byte>> check, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = ArrayPool<byte>.Shared.Rent(PieceLength);
        try
        {
            while (await source.ReadAsync(piece, cancellation) is var length and > 0)
            {
                _bytes += length;
                reservation.Need(_bytes);
                files.RequireRoom(length);
                var bytes = piece.AsMemory(0, length);
                check(bytes);
                hash.AppendData(bytes.Span);
                await _file.Stream.WriteAsync(bytes, cancellation);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        return new Received(_bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>What was received, from its start, for an upload that is only read once and then forgotten.</summary>
    public async Task<Stream> Rewind(CancellationToken cancellation)
    {
        await _file.Stream.FlushAsync(cancellation);
        _file.Stream.Position = 0;
        return _file.Stream;
    }

    /// <summary>Publishes it under its id.</summary>
    /// <inheritdoc cref="StoredFiles.Publish"/>
    public async Task<bool> Commit(string id, Func<Task<bool>> addRow)
    {
        var isVisible = await files.Publish(_file, id, addRow);
        if (isVisible) reservation.Keep(_bytes);
        return isVisible;
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
