using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using KlCore.Logits;

namespace KlApi.Storage.Logits;

/// <summary>Targets as they are stored.</summary>
/// <param name="File">The id of their file.</param>
/// <param name="Sha256">Its hash, by which equal targets are known, whatever types and files they came in.</param>
internal sealed record StoredTargets(string File, string Sha256);

/// <summary>The next tokens of rows on their way to a file of 32-bit numbers, least significant byte first.</summary>
internal sealed class TargetsUpload(BaselineFiles files, StorageQuota quota, int vocabulary) : IAsyncDisposable
{
    private const int PieceLength = 16 << 10;

    private readonly PendingFile _file = files.Begin();
    private readonly StorageQuota.Reservation _reservation = quota.ReserveOwn();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>How many there are so far.</summary>
    public long Count { get; private set; }

    /// <summary>Writes more of them. A token that the vocabulary has not is refused with its index.</summary>
    public async Task Append(IReadOnlyList<int> targets, CancellationToken cancellation)
    {
        var piece = ArrayPool<int>.Shared.Rent(PieceLength);
        try
        {
            for (var start = 0; start < targets.Count; start += PieceLength)
            {
                var length = Math.Min(PieceLength, targets.Count - start);
                for (var i = 0; i < length; i++) piece[i] = targets[start + i];
                SidesMatch.RequireTokens(piece.AsSpan(0, length), vocabulary, Count);
                await Write(MemoryMarshal.AsBytes(piece.AsSpan(0, length)).ToArray(), cancellation);
                Count += length;
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(piece);
        }
    }

    /// <summary>The hash of what was appended; nothing can be appended after it.</summary>
    public string Sha256() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    /// <summary>Publishes them.</summary>
    /// <inheritdoc cref="StoredFiles.Publish"/>
    public async Task<bool> Commit(StoredTargets stored, Func<Task<bool>> addRow)
    {
        var isVisible = await files.Publish(_file, stored.File, addRow);
        if (isVisible) _reservation.Keep(Count * sizeof(int));
        return isVisible;
    }

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        _reservation.Dispose();
        _hash.Dispose();
    }

    private async Task Write(byte[] bytes, CancellationToken cancellation)
    {
        _reservation.Need(_file.Stream.Position + bytes.Length);
        files.RequireRoom(bytes.Length);
        _hash.AppendData(bytes);
        await _file.Stream.WriteAsync(bytes, cancellation);
    }
}
