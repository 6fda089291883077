namespace KlApi.Host;

/// <summary>
/// What a browser must be told about every answer. Set when the answer starts, outermost, since the exception handler clears headers that
/// were set before it. There is no CORS: pages of other origins have no business here, and there are no cookies that they could ride on.
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    /// <summary>Everything that a page here may do: its own scripts, styles and requests, and charts as pictures. Nothing inline.</summary>
    private const string PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>The same, and the one style within the logo of Swagger UI, by its hash.</summary>
    private static readonly string SwaggerPolicy =
        PagePolicy.Replace("style-src 'self'", "style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='", StringComparison.Ordinal);

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(static state =>
        {
            var context = (HttpContext)state;
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments("/swagger", StringComparison.Ordinal) ? SwaggerPolicy : PagePolicy;
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            if (context.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000";
            return Task.CompletedTask;
        }, context);
        return next(context);
    }
}
