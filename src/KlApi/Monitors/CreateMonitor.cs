using System.Text;
using KlApi.Host;
using KlApi.Storage;
using KlCore;
using KlCore.Drift;
using KlCore.Training;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace KlApi.Monitors;

/// <summary>A reference to keep, and what counts as drift from it.</summary>
public sealed record MonitorRequest : DriftOptions
{
    private const int LongestName = 200;

    /// <summary>What to call it, up to 200 characters.</summary>
    public string Name { get; init; } = "monitor";

    /// <summary>The table that batches will be compared with. Its profile is kept, not its rows.</summary>
    public required TableInput Reference { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        if (Name.Length is 0 or > LongestName) problems.Add("name", $"must have 1 to {LongestName} characters, had {Name.Length}");
        else if (Name.Any(char.IsControl)) problems.Add("name", "must not hold control characters");
        Reference.Check(problems.At("reference"));
    }
}

/// <summary><c>POST /v1/monitors</c></summary>
internal static class CreateMonitor
{
    public static void Map(RouteGroupBuilder monitors) => monitors.MapPost("", Handle)
        .Describe(
            "Create a monitor",
            """
            Keeps a profile of a reference table (of numbers their distribution in at most 2048 steps, of categories the counts of at most 2048; not the rows), with which
            batches are then compared as `POST /v1/drift` does: the same columns, methods, thresholds, `alpha` and `correction`. The reference is a stored dataset, `{ "dataset": id }`, or
            inline, as `columns` or `rows`. Once 201 is answered the monitor survives anything; deleting the dataset changes nothing.
            """,
            400, 413, 415, 503, 507)
        .Example("of columns", """
            { "name": "sign-ups", "reference": { "columns": { "age": [31, 45, 52, 28, 39, 61, 33, 47], "plan": ["a", "b", "a", "a", "b", "a", "a", "b"] } }, "alpha": 0.01 }
            """);

    private static async Task<Created<Monitor>> Handle(
        Body<MonitorRequest> body, MonitorTable table, ITrainingInputs inputs, StorageQuota quota, IOptions<Limits> limits, Admission admission, TimeProvider time, CancellationToken cancellation)
    {
        var request = body.Value;
        var reference = await admission.ComputeLong(() => Profile(request, inputs, limits.Value.DatasetNumbers), cancellation);
        var (options, profile) = MonitorTable.Write(request, reference);
        var bytes = (long)Encoding.UTF8.GetByteCount(profile) + Encoding.UTF8.GetByteCount(options);
        using var reservation = quota.ReserveOwn();
        reservation.Need(bytes);
        var monitor = new Monitor
        {
            Id = Ids.Next(time),
            Name = request.Name,
            Rows = reference[0].Profile.Rows,
            Columns = reference.Count,
            Batches = 0,
            // To the millisecond, as the database keeps it: the first answer and all later ones say the same.
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()).UtcDateTime,
        };
        await table.Add(monitor, options, profile, bytes);
        reservation.Keep(bytes);
        var (stored, _) = await table.Require(monitor.Id, CancellationToken.None);
        return TypedResults.Created($"/v1/monitors/{monitor.Id}", stored);
    }

    private static IReadOnlyList<ReferenceColumn> Profile(MonitorRequest request, ITrainingInputs inputs, long mostCells)
    {
        var problems = new Problems();
        var columns = request.Reference.Read(inputs, mostCells, problems.At("reference"));
        problems.ThrowIfAny();
        var profiles = DriftAnalysis.Profile(columns, request, isWhole: false, problems);
        problems.ThrowIfAny();
        return profiles;
    }
}
