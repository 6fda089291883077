using KlApi.Host;
using Microsoft.Extensions.Options;

namespace KlApi.Storage;

/// <summary>Counts the bytes of all that clients store, what is arriving included, so that uploads at once cannot exceed together what each may alone.</summary>
internal sealed class StorageQuota(IOptions<Limits> limits)
{
    private readonly Lock _turn = new();
    private long _used;

    private long LargestUpload => limits.Value.UploadBytes;

    /// <summary>Counts bytes that are there (or, negative, no longer there).</summary>
    public void Add(long bytes)
    {
        lock (_turn) _used += bytes;
    }

    /// <summary>Room for an upload; refuses what is announced too large before a byte of it is read.</summary>
    public Reservation Reserve(long? announced)
    {
        var reservation = new Reservation(this);
        if (announced is { } bytes) reservation.Need(bytes);
        return reservation;
    }

    /// <summary>Room for what the service itself writes, of which only all together is limited.</summary>
    public Reservation ReserveOwn() => new(this, isUpload: false);

    private void Take(long bytes)
    {
        lock (_turn)
        {
            if (_used + bytes > limits.Value.StorageBytes)
                throw Refusal.QuotaExceeded($"Datasets, baselines, comparisons and monitors may have {limits.Value.StorageBytes} bytes together and this would exceed that. Delete some first.");
            _used += bytes;
        }
    }

    /// <summary>What one upload has taken of the quota. Disposing gives it back unless it was kept.</summary>
    internal sealed class Reservation(StorageQuota quota, bool isUpload = true) : IDisposable
    {
        private long _reserved;

        /// <summary>Says how many bytes the upload has so far, or will have.</summary>
        public void Need(long bytes)
        {
            var limit = isUpload ? quota.LargestUpload : long.MaxValue;
            if (bytes > limit) throw Refusal.TooLarge($"An upload may have at most {limit} bytes (limit uploadBytes of GET /v1/limits).");
            if (bytes <= _reserved) return;
            quota.Take(bytes - _reserved);
            _reserved = bytes;
        }

        /// <summary>The upload is stored now, with so many bytes.</summary>
        public void Keep(long bytes)
        {
            quota.Add(bytes - _reserved);
            _reserved = 0;
        }

        public void Dispose()
        {
            quota.Add(-_reserved);
            _reserved = 0;
        }
    }
}
