using KlApi.Host;
using KlApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace KlApi.Datasets;

/// <summary><c>DELETE /v1/datasets/{id}</c></summary>
internal static class DeleteDataset
{
    public static void Map(RouteGroupBuilder datasets) => datasets.MapDelete("/{id}", Handle)
        .Describe(
            "Delete a dataset",
            """
            Gives its space back. Jobs copy nothing: one that has read the dataset goes on, one that has still to read it (it waits, or resumes after a restart) fails and says
            that the dataset is gone.
            """,
            404, 503, 507);

    private static async Task<NoContent> Handle(string id, DatasetTable table, DatasetFiles files, StorageQuota quota, CancellationToken cancellation)
    {
        if (await table.Remove(id, cancellation) is not { } bytes) throw Refusal.NotFound("dataset");
        // The dataset is gone with its row; a file that cannot be removed is swept at the next start.
        quota.Add(-bytes);
        files.Delete(id);
        return TypedResults.NoContent();
    }
}
