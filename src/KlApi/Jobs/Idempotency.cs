using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using KlApi.Host;
using KlCore;
using KlCore.Training;

namespace KlApi.Jobs;

/// <summary>The key that a client sent to make its retries safe, and the digest of what it asked for.</summary>
internal sealed record IdempotencyKey(string Text, string RequestHash)
{
    public const string Header = "Idempotency-Key";
    private const int MaxLength = 255;

    /// <summary>The request's key, or null if it has none. Bodies that say the same in other words (blanks, order, defaults) are the same.</summary>
    public static IdempotencyKey? Of(HttpRequest request, TrainingSpecification specification)
    {
        if (!request.Headers.TryGetValue(Header, out var values)) return null;
        var text = values.ToString();
        if (text.Length is 0 or > MaxLength || text.Any(character => character is < ' ' or > '~'))
            throw new InvalidInputException(Header, $"must be 1 to {MaxLength} visible ASCII characters");
        return new IdempotencyKey(text, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonText.Of(specification)))));
    }
}

/// <summary>The keys whose first request is not answered yet. A second one with the same key is told to come back.</summary>
internal sealed class KeysInFlight
{
    private readonly ConcurrentDictionary<string, bool> _keys = new();

    public IDisposable Enter(IdempotencyKey? key)
    {
        if (key is not null && !_keys.TryAdd(key.Text, true))
        {
            throw new RefusedException(
                409, "idempotency-key-in-flight", "A request with this Idempotency-Key is being answered at this moment; try again shortly.", TimeSpan.FromSeconds(1));
        }

        return new Exit(this, key);
    }

    private sealed class Exit(KeysInFlight keys, IdempotencyKey? key) : IDisposable
    {
        public void Dispose()
        {
            if (key is not null) keys._keys.TryRemove(key.Text, out _);
        }
    }
}
