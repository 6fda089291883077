namespace KlApi.Host;

/// <summary>
/// HTTP methods that no endpoint names: HEAD is answered as GET without the body (RFC 9110 section 9.3.2), TRACE, which would echo a
/// client's headers, is refused on every path.
/// </summary>
internal sealed class Methods(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (HttpMethods.IsTrace(context.Request.Method) || HttpMethods.IsConnect(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD, POST, PUT, DELETE";
        }
        else if (HttpMethods.IsHead(context.Request.Method))
        {
            await AnswerWithoutBody(context);
        }
        else
        {
            await next(context);
        }
    }

    /// <summary>The server knows that the wire's method is HEAD and drops the body. A stream of events ends once its headers are known.</summary>
    private async Task AnswerWithoutBody(HttpContext context)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var client = context.RequestAborted;
        context.RequestAborted = enough.Token;
        context.Response.OnStarting(() => context.Response.ContentType == "text/event-stream" ? enough.CancelAsync() : Task.CompletedTask);
        context.Request.Method = HttpMethods.Get;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested && !client.IsCancellationRequested)
        {
            // The headers are out, and they are all that was asked for.
        }
        finally
        {
            context.Request.Method = HttpMethods.Head;
            context.RequestAborted = client;
        }
    }
}
