using System.Buffers;
using System.IO.Pipelines;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using KlCore;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace KlApi.Host;

/// <summary>
/// A request's JSON body, read strictly and checked before the handler runs: a handler that has one has a legal one. What is wrong is
/// answered all at once, each failure by its JSON pointer.
/// </summary>
internal sealed class Body<T>(T value) : IBindableFromHttpContext<Body<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    private static readonly JsonTypeInfo<T> Contract = (JsonTypeInfo<T>)Json.Options.GetTypeInfo(typeof(T));

    public T Value { get; } = value;

    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        JsonBody.RequireJson(context.Request);
        var limit = context.RequestServices.GetRequiredService<IOptions<Limits>>().Value.JsonBytes;
        return new Body<T>(await JsonBody.Read(context, limit, Parse));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));

    /// <summary>Reads and checks; throws <see cref="InvalidInputException"/> with every failure.</summary>
    public static T Parse(ReadOnlyMemory<byte> json)
    {
        T? value;
        try
        {
            value = NumberArrays.Within(json, static bytes => JsonSerializer.Deserialize(bytes.Span, Contract));
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new InvalidInputException(BodyProblems.Explain(json, Contract, unreadable));
        }

        if (value is null) throw new InvalidInputException("", "must be an object, was null");
        if (value is IChecked checkable)
        {
            var problems = new Problems();
            checkable.Check(problems);
            problems.ThrowIfAny();
        }

        return value;
    }
}

/// <summary>Takes a body of limited size off the wire.</summary>
internal static class JsonBody
{
    private const int FirstBuffer = 64 * 1024;

    /// <summary>JSON is UTF-8 and says so; anything else is refused before a byte is read.</summary>
    public static void RequireJson(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity")
            throw Refusal.MediaType("Compressed bodies (Content-Encoding) are not read; send the JSON as it is.");
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ||
            !(type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)))
            throw Refusal.MediaType("The body must be JSON, sent with Content-Type: application/json.");
        if (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) && !type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase))
            throw Refusal.MediaType("JSON is read as UTF-8 and in no other charset.");
    }

    /// <summary>Hands the whole body to <paramref name="parse"/>: in place when it came in one piece, else from a pooled copy.</summary>
    public static async ValueTask<T> Read<T>(HttpContext context, long limit, Func<ReadOnlyMemory<byte>, T> parse)
    {
        if (context.Request.ContentLength > limit) throw TooLarge(limit);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = limit;
        var pipe = context.Request.BodyReader;
        var first = await pipe.ReadAsync(context.RequestAborted);
        if (first.IsCompleted && first.Buffer.IsSingleSegment)
        {
            try
            {
                RequireBytes(first.Buffer.Length);
                return parse(first.Buffer.First);
            }
            finally
            {
                pipe.AdvanceTo(first.Buffer.End);
            }
        }

        return await ReadOn(pipe, first, limit, parse, context.RequestAborted);
    }

    private static async ValueTask<T> ReadOn<T>(PipeReader pipe, ReadResult result, long limit, Func<ReadOnlyMemory<byte>, T> parse, CancellationToken aborted)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        var count = 0;
        try
        {
            while (true)
            {
                var chunk = result.Buffer;
                if (count + chunk.Length > limit) throw TooLarge(limit);
                buffer = Grow(buffer, count, (int)chunk.Length);
                chunk.CopyTo(buffer.AsSpan(count));
                count += (int)chunk.Length;
                pipe.AdvanceTo(chunk.End);
                if (result.IsCompleted) break;
                result = await pipe.ReadAsync(aborted);
            }

            RequireBytes(count);
            return parse(buffer.AsMemory(0, count));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer, int count, int more)
    {
        if (count + more <= buffer.Length) return buffer;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(count + more, 2 * buffer.Length));
        buffer.AsSpan(0, count).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static void RequireBytes(long count)
    {
        if (count == 0) throw new InvalidInputException("", "must be a JSON object, but the body is empty");
    }

    private static RefusedException TooLarge(long limit) => Refusal.TooLarge($"The body must be at most {limit} bytes.");
}
