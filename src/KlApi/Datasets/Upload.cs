using System.Buffers;
using System.Security.Cryptography;
using KlApi.Storage;
using KlCore.Formats;

namespace KlApi.Datasets;

/// <summary>
/// An upload as it arrives: each piece is counted, hashed, checked by the format's reader and written, and then forgotten. Memory does not grow with the
/// data, and the first malformed byte ends it.
/// </summary>
internal sealed class Upload(DatasetFormat format, bool? header, PendingFile file, DatasetQuota.Reservation reservation) : IDisposable
{
    private const int PieceLength = 128 << 10;

    private readonly TableReader _reader = format.Open(header);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>How many bytes have arrived.</summary>
    public long Bytes { get; private set; }

    /// <summary>Reads the source to its end and says what it held.</summary>
    public async Task<TableShape> Receive(Stream source, CancellationToken cancellation)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceLength);
        try
        {
            while (await source.ReadAsync(piece, cancellation) is var length and > 0)
            {
                Bytes += length;
                reservation.Need(Bytes);
                var bytes = piece.AsMemory(0, length);
                _reader.Append(bytes.Span);
                _hash.AppendData(bytes.Span);
                await file.Stream.WriteAsync(bytes, cancellation);
            }
            return _reader.Complete();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    /// <summary>The hash of all bytes, as 64 hexadecimal digits.</summary>
    public string Sha256() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}
