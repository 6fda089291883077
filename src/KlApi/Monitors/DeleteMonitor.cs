using KlApi.Host;
using KlApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace KlApi.Monitors;

/// <summary><c>DELETE /v1/monitors/{id}</c></summary>
internal static class DeleteMonitor
{
    public static void Map(RouteGroupBuilder monitors) => monitors.MapDelete("/{id}", Handle)
        .Describe("Delete a monitor", "Removes the profile and what came of every batch, and gives their space back.", 404, 503, 507);

    private static async Task<NoContent> Handle(string id, MonitorTable table, StorageQuota quota, CancellationToken cancellation)
    {
        if (await table.Remove(id, cancellation) is not { } bytes) throw Refusal.NotFound("monitor");
        quota.Add(-bytes);
        return TypedResults.NoContent();
    }
}
