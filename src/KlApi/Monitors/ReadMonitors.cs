using KlApi.Host;
using Microsoft.AspNetCore.Http.HttpResults;

namespace KlApi.Monitors;

/// <summary><c>GET /v1/monitors</c> and <c>GET /v1/monitors/{id}</c></summary>
internal static class ReadMonitors
{
    public static void Map(RouteGroupBuilder monitors)
    {
        monitors.MapGet("", List).Describe("List monitors", "The monitors, newest first, without their columns.", 400, 503);
        monitors.MapGet("/{id}", Get).Describe("One monitor", "A monitor with what counts as drift and how each column is compared.", 404, 503);
    }

    private static async Task<Ok<Listing<Monitor>>> List([AsParameters] Paging paging, MonitorTable table, CancellationToken cancellation)
    {
        var count = paging.Count();
        return TypedResults.Ok(Listing<Monitor>.Of(await table.List(count + 1, paging.After, cancellation), count));
    }

    private static async Task<Ok<Monitor>> Get(string id, MonitorTable table, CancellationToken cancellation) => TypedResults.Ok((await table.Require(id, cancellation)).Monitor);
}
