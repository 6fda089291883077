using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace KlApi.Host;

/// <summary>How bodies are taken that are streamed and not held: files of any size. Their endpoints disable the request's time limit; the slowest rate bounds them instead.</summary>
internal static class UploadStream
{
    /// <summary>How long it may go on once the service is told to stop: enough for most, and the stop stays within its time.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1.5);

    /// <summary>What the body says it is. Compressed ones are refused, and the server's limit for JSON is lifted: that of an upload is its owner's to check.</summary>
    public static MediaTypeHeaderValue Open(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity")
            throw Refusal.MediaType("Compressed bodies (Content-Encoding) are not read; send the file as it is.");
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        return MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? type : new MediaTypeHeaderValue("application/octet-stream");
    }

    /// <summary>Receives, and does what is done with it, until the client leaves or until a moment after the service is told to stop.</summary>
    public static async Task<T> UntilStop<T>(IHostApplicationLifetime lifetime, Func<CancellationToken, Task<T>> work, CancellationToken client)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(client);
        using var stop = lifetime.ApplicationStopping.Register(() => end.CancelAfter(Grace));
        try
        {
            return await work(end.Token);
        }
        catch (OperationCanceledException) when (!client.IsCancellationRequested && lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw Refusal.NotReady("The service is stopping and this was not finished; nothing of it is kept. Send it again.", TimeSpan.FromSeconds(5));
        }
    }
}
