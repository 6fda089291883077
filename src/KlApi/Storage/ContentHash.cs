using System.Buffers;
using System.Security.Cryptography;

namespace KlApi.Storage;

/// <summary>The hash of content that is only to be recognised.</summary>
internal static class ContentHash
{
    private const int PieceLength = 128 << 10;

    /// <summary>SHA-256 of a source in lower-case hexadecimal digits, or null if it is longer than <paramref name="longest"/>.</summary>
    public static async Task<string?> Of(Stream source, long longest, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = ArrayPool<byte>.Shared.Rent(PieceLength);
        long bytes = 0;
        try
        {
            while (await source.ReadAsync(piece, cancellation) is var length and > 0)
            {
                bytes += length;
                if (bytes > longest) return null;
                hash.AppendData(piece, 0, length);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
