using KlApi.Host;
using KlApi.Storage;
using KlApi.Storage.Logits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace KlApi.Baselines;

/// <summary><c>DELETE /v1/baselines/{name}</c></summary>
internal static class DeleteBaseline
{
    public static void Map(RouteGroupBuilder baselines) => baselines.MapDelete("/{name}", Handle)
        .Describe(
            "Delete a baseline",
            "Gives its space back, that of its targets too. A comparison that is reading it goes on; reports of earlier comparisons stay. The name is free again.",
            404, 503, 507);

    private static async Task<NoContent> Handle(string name, BaselineTable table, BaselineFiles files, StorageQuota quota, CancellationToken cancellation)
    {
        if (await table.Remove(name, cancellation) is not { } gone) throw Refusal.NotFound("baseline");
        // The baseline is gone with its row; a file that cannot be removed is swept at the next start.
        quota.Add(-gone.Baseline.Bytes);
        files.Delete(gone.File);
        if (gone.TargetsFile is { } targets)
        {
            quota.Add(-sizeof(int) * gone.Baseline.Rows);
            files.Delete(targets);
        }

        return TypedResults.NoContent();
    }
}
