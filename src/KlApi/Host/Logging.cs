using System.Diagnostics;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Json;

namespace KlApi.Host;

/// <summary>
/// Logs are JSON lines on the console, written by Serilog; nothing a client sends can forge one. Levels are set under <c>Serilog</c> in
/// the configuration. The logger belongs to its host: no static logger that hosts in one process would share.
/// </summary>
internal static class Logging
{
    public static void AddLogging(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ILoggerProvider>(_ => new SerilogLoggerProvider(Build(builder.Configuration), dispose: true));
    }

    private static Logger Build(IConfiguration configuration) => new LoggerConfiguration()
        .MinimumLevel.Information()
        .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
        .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
        // What it would say is said by Errors, once and with the request's trace.
        .MinimumLevel.Override("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogEventLevel.Fatal)
        .MinimumLevel.Override("System", LogEventLevel.Warning)
        .MinimumLevel.Override("Quartz", LogEventLevel.Warning)
        .WriteTo.Console(new JsonFormatter(renderMessage: true))
        .ReadFrom.Configuration(configuration)
        .CreateLogger();
}

/// <summary>Writes one event for each request: what was asked, how it was answered, how long it took. Never a body, a query or a header.</summary>
internal sealed class RequestLog(RequestDelegate next, ILogger<RequestLog> log)
{
    private const int LongestPath = 200;

    public async Task InvokeAsync(HttpContext context)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var level = Level(context);
            if (log.IsEnabled(level))
                log.Log(level, "{Method} {Path} answered {Status} in {Milliseconds} ms", Cut(context.Request.Method), Cut(context.Request.Path.Value ?? ""),
                    context.Response.StatusCode, Math.Round(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 3));
        }
    }

    /// <summary>Health and metrics are asked for every few seconds by machines; that is not worth a line each.</summary>
    private static LogLevel Level(HttpContext context) => context.Response.StatusCode switch
    {
        >= 500 when !Health.Is(context.Request.Path) => LogLevel.Error,
        _ when Health.Is(context.Request.Path) || context.Request.Path == Metrics.Path => LogLevel.Debug,
        _ => LogLevel.Information,
    };

    private static string Cut(string text) => text.Length <= LongestPath ? text : text[..LongestPath];
}
