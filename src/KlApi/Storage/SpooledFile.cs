using KlApi.Host;
using Microsoft.AspNetCore.WebUtilities;

namespace KlApi.Storage;

/// <summary>A file of a form, kept on disk under the quota until the whole form is there, read once, and forgotten.</summary>
internal sealed class SpooledFile : IAsyncDisposable
{
    private readonly Upload _upload;
    private readonly StorageQuota.Reservation _reservation;

    private SpooledFile(Upload upload, StorageQuota.Reservation reservation, Received received) => (_upload, _reservation, Received) = (upload, reservation, received);

    /// <summary>What it was.</summary>
    public Received Received { get; }

    /// <summary>Takes it off the wire; <paramref name="check"/> sees every byte before it is stored, and what it throws ends it.</summary>
    public static async Task<SpooledFile> Receive(MultipartSection section, StoredFiles files, StorageQuota quota, Action<ReadOnlyMemory<byte>> check, CancellationToken cancellation)
    {
        var reservation = quota.Reserve(null);
        var upload = new Upload(files, reservation);
        try
        {
            return new SpooledFile(upload, reservation, await upload.Receive(new FormPart(section.Body), check, cancellation));
        }
        catch
        {
            await upload.DisposeAsync();
            reservation.Dispose();
            throw;
        }
    }

    /// <summary>From its start.</summary>
    public Task<Stream> Rewind(CancellationToken cancellation) => _upload.Rewind(cancellation);

    /// <summary>What is announced too large for so many files is refused before a byte of it is read.</summary>
    public static void RequireRoom(long? announced, int count, StoredFiles files, StorageQuota quota, Limits limits)
    {
        if (announced is not { } bytes) return;
        if (bytes / count > limits.UploadBytes) throw Refusal.TooLarge($"Each file may have at most {limits.UploadBytes} bytes (limit uploadBytes of GET /v1/limits).");
        using var room = quota.ReserveOwn();
        room.Need(bytes);
        files.RequireRoom(bytes);
    }

    public async ValueTask DisposeAsync()
    {
        await _upload.DisposeAsync();
        _reservation.Dispose();
    }
}
