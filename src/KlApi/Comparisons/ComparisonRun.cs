using System.Runtime.CompilerServices;
using System.Text.Json;
using KlApi.Host;
using KlApi.Storage;
using KlApi.Storage.Logits;
using KlCore.Logits;
using KlCore.Logits.Reports;

namespace KlApi.Comparisons;

/// <summary>What is compared with what.</summary>
/// <param name="P">The reference's rows.</param>
/// <param name="Q">The candidate's rows.</param>
/// <param name="Targets">The next tokens, if any, in a stream of their own: 32 bits each.</param>
/// <param name="FileSha256">The hash of p's file.</param>
internal sealed record Sides(LogitsSource P, LogitsSource Q, Stream? Targets, string FileSha256)
{
    /// <summary>What p is, for those who want to know whether two comparisons have the same reference.</summary>
    public string Reference => P.Shape.Identify(FileSha256);

    /// <summary>The name of the baseline that p is.</summary>
    public string? Baseline { get; init; }

    /// <summary>The hash of q's file, where it is known.</summary>
    public string? CandidateSha256 { get; init; }

    /// <summary>Whether the logits were numbers in the request and no files.</summary>
    public bool AreInline { get; init; }

    /// <summary>Where they came from.</summary>
    public Provenance Origins() => new(Origin.Of(P.Shape, AreInline, FileSha256), Origin.Of(Q.Shape, AreInline, CandidateSha256));
}

/// <summary>Compares two sides and keeps what came out: the report and the positions it was made of, both or neither.</summary>
internal sealed class ComparisonRun(ComparisonFiles files, ComparisonTable table, StorageQuota quota, Admission admission, TimeProvider time)
{
    /// <summary>Runs to the end; whatever stops it before leaves nothing.</summary>
    public async Task<StoredComparison> Run(Sides sides, ComparisonOptions options, CancellationToken cancellation)
    {
        using var place = await admission.Enter(cancellation);
        await using var positions = new PositionsFile(files, quota);
        var pass = new LogitsPass(sides.P, sides.Q, new TargetsSource(sides.Targets, sides.P, sides.Q), options, admission);
        var builder = await pass.Run(positions, cancellation);
        // Percentiles are exact by going through the positions again.
        var stored = await admission.ComputeLong(
            () =>
            {
                var report = builder.Build(positions.Read(cancellation), options.Limits());
                return Store(report with { Provenance = sides.Origins() }, builder.Summarise(), sides.Baseline, sides.Reference, Unsafe.SizeOf<Position>());
            },
            cancellation);
        // From here on a client that leaves undoes nothing.
        await positions.Commit(stored, () => table.Add(stored));
        return stored;
    }

    /// <summary>Keeps a report that has no positions of its own.</summary>
    /// <param name="merge">Makes it.</param>
    /// <param name="gate">What it is held against.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<StoredComparison> Keep(Func<ReportBuilder> merge, Gate? gate, CancellationToken cancellation)
    {
        using var place = await admission.Enter(cancellation);
        var stored = await admission.ComputeLong(
            () =>
            {
                var merged = merge();
                return Store(merged.Build(gate: gate), merged.Summarise(), null, null, recordBytes: 0);
            },
            cancellation);
        using var room = quota.ReserveOwn();
        room.Need(stored.Bytes);
        files.RequireRoom(stored.Bytes);
        await table.Add(stored);
        room.Keep(stored.Bytes);
        return stored;
    }

    private StoredComparison Store(ComparisonReport report, ComparisonSummary summary, string? baseline, string? reference, int recordBytes)
    {
        // To the millisecond, as the database keeps it.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()).UtcDateTime;
        var comparison = new Comparison(report, Ids.Next(time), baseline, now);
        return new StoredComparison
        {
            Id = comparison.Id,
            Baseline = baseline,
            ReferenceSha256 = reference,
            Rows = report.Rows,
            Vocabulary = report.Vocabulary,
            RecordBytes = recordBytes,
            Report = JsonSerializer.Serialize(comparison, Json.Options),
            Summary = JsonSerializer.Serialize(summary, Json.Options),
            CreatedAt = now,
        };
    }
}
