using System.Runtime.CompilerServices;
using System.Text.Json;
using KlApi.Host;
using KlApi.Storage;
using KlCore.Logits;
using KlCore.Training;
using KlCore.Training.LogitsComparison;

namespace KlApi.Comparisons;

/// <summary>Keeps the comparisons that jobs made, under the ids of the jobs, so that they are ranked and merged like all others.</summary>
internal sealed class ComparisonKeeper(ComparisonFiles files, ComparisonTable table, StorageQuota quota, TimeProvider time) : IOutcomeKeeper
{
    public async Task Keep(string jobId, TrainingOutcome outcome)
    {
        if (outcome is not LogitsComparisonOutcome compared || await table.Find(jobId, CancellationToken.None) is not null) return;
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()).UtcDateTime;
        var stored = new StoredComparison
        {
            Id = jobId,
            Baseline = compared.Baseline,
            ReferenceSha256 = compared.ReferenceSha256,
            Rows = compared.Report.Rows,
            Vocabulary = compared.Report.Vocabulary,
            RecordBytes = Unsafe.SizeOf<Position>(),
            Report = JsonSerializer.Serialize(new Comparison(compared.Report, jobId, compared.Baseline, now), Json.Options),
            Summary = JsonSerializer.Serialize(compared.Summary, Json.Options),
            CreatedAt = now,
        };
        await using var positions = new PositionsFile(files, quota);
        positions.Append(compared.Positions.Span);
        await positions.Commit(stored, () => table.Add(stored));
    }
}
