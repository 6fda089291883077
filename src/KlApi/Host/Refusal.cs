using System.Globalization;

namespace KlApi.Host;

/// <summary>The service understood a request and refuses it, with the status and the words that the client sees.</summary>
internal sealed class RefusedException(int status, string code, string detail, TimeSpan? retryAfter = null) : Exception(detail)
{
    public int Status { get; } = status;

    /// <summary>One stable kebab-case word.</summary>
    public string Code { get; } = code;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    public static string Seconds(TimeSpan time) => Math.Max(1, Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}

/// <summary>The refusals that several features share; each is thrown and becomes a problem document in <see cref="Errors"/>.</summary>
internal static class Refusal
{
    /// <summary>404. The id itself is not repeated: it may be anything.</summary>
    public static RefusedException NotFound(string what) => new(404, "not-found", $"There is no {what} with this id.");

    public static RefusedException Conflict(string code, string detail) => new(409, code, detail);

    public static RefusedException TooLarge(string detail) => new(413, "too-large", detail);

    public static RefusedException MediaType(string detail) => new(415, "unsupported-media-type", detail);

    public static RefusedException Overloaded(string detail, TimeSpan retryAfter) => new(429, "overloaded", detail, retryAfter);

    public static RefusedException NotReady(string detail, TimeSpan retryAfter) => new(503, "not-ready", detail, retryAfter);

    public static RefusedException QuotaExceeded(string detail) => new(507, "quota-exceeded", detail);
}
