using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KlApi.Host;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: every registered check passes; a feature adds its own with
/// <c>services.AddHealthChecks().AddCheck&lt;T&gt;("name")</c>.
/// </summary>
internal static class Health
{
    public const string Live = "/health/live";
    public const string Ready = "/health/ready";

    public static bool Is(PathString path) => path.StartsWithSegments("/health", StringComparison.Ordinal);

    public static void AddHealth(IServiceCollection services) => services.AddHealthChecks().AddCheck<NotStopping>("accepting");

    private static readonly HttpMethodMetadata Get = new([HttpMethods.Get]);

    public static void MapHealth(WebApplication app)
    {
        app.MapHealthChecks(Live, new HealthCheckOptions { Predicate = _ => false, ResponseWriter = Write }).WithMetadata(Get).DisableHttpMetrics().DisableRequestTimeout();
        app.MapHealthChecks(Ready, new HealthCheckOptions { ResponseWriter = Write }).WithMetadata(Get).DisableHttpMetrics();
    }

    private static Task Write(HttpContext context, HealthReport report)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(new HealthAnswer(
            Word(report.Status),
            report.Entries.ToDictionary(entry => entry.Key, entry => new CheckAnswer(Word(entry.Value.Status), entry.Value.Description))));
    }

    private static string Word(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "ready",
        HealthStatus.Degraded => "degraded",
        _ => "not-ready",
    };

    /// <summary>What the health paths answer.</summary>
    internal sealed record HealthAnswer(string Status, IReadOnlyDictionary<string, CheckAnswer> Checks);

    /// <summary>One check: what it found, and why if that is not good.</summary>
    internal sealed record CheckAnswer(string Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Detail);

    /// <summary>Red from the moment the process is told to stop, before the listener closes.</summary>
    private sealed class NotStopping(IHostApplicationLifetime lifetime) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested
                ? HealthCheckResult.Unhealthy("The service is stopping.")
                : HealthCheckResult.Healthy());
    }
}
