using System.Buffers;
using System.Security.Cryptography;

namespace KlApi.Host;

/// <summary>
/// Names for what the service keeps: 26 characters of Crockford's base 32, 48 bits of Unix milliseconds and 80 random bits (the form of a
/// ULID). Ids made by one process sort as they were made, so a list in order of ids is a list in order of time.
/// </summary>
internal static class Ids
{
    private const string Digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 26;

    private static readonly SearchValues<char> Allowed = SearchValues.Create(Digits);
    private static readonly Lock Turn = new();
    private static UInt128 _last;

    /// <summary>A new id, greater than every one before it in this process, also when the clock goes back.</summary>
    public static string Next(TimeProvider time)
    {
        Span<byte> random = stackalloc byte[16];
        RandomNumberGenerator.Fill(random[..10]);
        var fresh = (UInt128)(ulong)time.GetUtcNow().ToUnixTimeMilliseconds() << 80 | (BitConverter.ToUInt64(random) | (UInt128)BitConverter.ToUInt16(random[8..]) << 64);
        lock (Turn)
        {
            _last = fresh > _last ? fresh : _last + 1;
            return Write(_last);
        }
    }

    /// <summary>Whether the text could be an id. What could not is never looked for, least of all among files.</summary>
    public static bool IsWellFormed(string text) => text.Length == Length && text[0] <= '7' && !text.AsSpan().ContainsAnyExcept(Allowed);

    private static string Write(UInt128 value) => string.Create(Length, value, (text, rest) =>
    {
        for (var i = text.Length - 1; i >= 0; i--, rest >>= 5) text[i] = Digits[(int)(rest & 31)];
    });
}
