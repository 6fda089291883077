using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KlApi.Storage;

/// <summary>Not ready while the database is starting or cannot be used.</summary>
internal sealed class StorageReadiness(Database database) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(database.Obstacle is { } obstacle ? HealthCheckResult.Unhealthy(obstacle) : HealthCheckResult.Healthy());
}
