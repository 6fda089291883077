using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
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
    /// <summary>What p is, for those who want to know whether two comparisons have the same reference: a file of tensors holds several.</summary>
    public string Reference => P.Shape.Tensor is { } tensor ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{FileSha256} {tensor}"))) : FileSha256;

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
internal sealed class ComparisonRun(ComparisonFiles files, ComparisonTable table, StorageQuota quota, TimeProvider time)
{
    /// <summary>Runs to the end; whatever stops it before leaves nothing.</summary>
    public async Task<StoredComparison> Run(Sides sides, ComparisonOptions options, CancellationToken cancellation)
    {
        await using var positions = new PositionsFile(files, quota);
        var pass = new LogitsPass(sides.P, sides.Q, new TargetsSource(sides.Targets, sides.P, sides.Q), options);
        var builder = await pass.Run(positions, cancellation);
        // Percentiles are exact by going through the positions again, which is work for a processor and not for the thread of a request.
        var report = await Task.Run(() => builder.Build(positions.Read(cancellation), options.Limits()), cancellation);
        var stored = Store(report with { Provenance = sides.Origins() }, builder.Summarise(), sides.Baseline, sides.Reference, Unsafe.SizeOf<Position>());
        // From here on a client that leaves undoes nothing.
        await positions.Commit(stored.Id, () => table.Add(stored));
        return stored;
    }

    /// <summary>Keeps a report that has no positions of its own.</summary>
    public async Task<StoredComparison> Keep(ReportBuilder merged, Gate? gate, string referenceSha256)
    {
        var stored = Store(merged.Build(gate: gate), merged.Summarise(), null, referenceSha256, recordBytes: 0);
        await table.Add(stored);
        return stored;
    }

    private StoredComparison Store(ComparisonReport report, ComparisonSummary summary, string? baseline, string referenceSha256, int recordBytes)
    {
        // To the millisecond, as the database keeps it.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()).UtcDateTime;
        var comparison = new Comparison(report, Ids.Next(time), baseline, now);
        return new StoredComparison
        {
            Id = comparison.Id,
            Baseline = baseline,
            ReferenceSha256 = referenceSha256,
            Rows = report.Rows,
            Vocabulary = report.Vocabulary,
            RecordBytes = recordBytes,
            Report = JsonSerializer.Serialize(comparison, Json.Options),
            Summary = JsonSerializer.Serialize(summary, Json.Options),
            CreatedAt = now,
        };
    }
}
