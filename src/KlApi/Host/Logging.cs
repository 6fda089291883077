using System.Diagnostics;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Json;
using Serilog.Parsing;

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
        builder.Services.AddSingleton(_ => Build(builder.Configuration));
        builder.Services.AddSingleton<ILoggerProvider>(provider => new SerilogLoggerProvider(provider.GetRequiredService<Logger>()));
    }

    private static Logger Build(IConfiguration configuration) => new LoggerConfiguration()
        .MinimumLevel.Information()
        .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
        .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
        // What it would say is said by Errors, once and with the request's trace.
        .MinimumLevel.Override("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogEventLevel.Fatal)
        .MinimumLevel.Override("System", LogEventLevel.Warning)
        .MinimumLevel.Override("Quartz", LogEventLevel.Warning)
        .WriteTo.Console(new JsonFormatter())
        .ReadFrom.Configuration(configuration)
        .CreateLogger();
}

/// <summary>
/// Writes one event for each request: what was asked, how it was answered, how long it took. Never a body, a query or a header. It goes to
/// Serilog as an event that is already made: by way of the framework's logger it cost as much as a whole small request.
/// </summary>
internal sealed class RequestLog(RequestDelegate next, Logger log)
{
    private const int LongestPath = 200;

    private static readonly MessageTemplate Template = new MessageTemplateParser().Parse("{Method} {Path} answered {Status} in {Milliseconds} ms");

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
            if (log.IsEnabled(level)) Write(context, level, Stopwatch.GetElapsedTime(start));
        }
    }

    private void Write(HttpContext context, LogEventLevel level, TimeSpan elapsed)
    {
        var activity = Activity.Current;
        LogEventProperty[] properties =
        [
            new("Method", new ScalarValue(Cut(context.Request.Method))),
            new("Path", new ScalarValue(Cut(context.Request.Path.Value ?? ""))),
            new("Status", new ScalarValue(context.Response.StatusCode)),
            new("Milliseconds", new ScalarValue(Math.Round(elapsed.TotalMilliseconds, 3))),
        ];
        log.Write(new LogEvent(DateTimeOffset.UtcNow, level, null, Template, properties, activity?.TraceId ?? default, activity?.SpanId ?? default));
    }

    /// <summary>Health and metrics are asked for every few seconds by machines; that is not worth a line each.</summary>
    private static LogEventLevel Level(HttpContext context) => context.Response.StatusCode switch
    {
        _ when Health.Is(context.Request.Path) || context.Request.Path == Metrics.Path => LogEventLevel.Debug,
        >= 500 => LogEventLevel.Error,
        _ => LogEventLevel.Information,
    };

    private static string Cut(string text) => text.Length <= LongestPath ? text : text[..LongestPath];
}
