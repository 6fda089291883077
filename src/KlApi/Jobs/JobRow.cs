namespace KlApi.Jobs;

/// <summary>A line of <c>training_jobs</c>. The states <c>queued</c> and <c>interrupted</c> both wait; the last three are final.</summary>
internal sealed record JobRow
{
    /// <summary>Everything but the documents, which can be large.</summary>
    public const string Columns =
        "id, kind, priority, state, fence, attempts, crashes, step, total_steps, eta_seconds, metrics, elapsed_ms, error, created_at, started_at, finished_at";

    /// <summary>All that a user sees.</summary>
    public const string AllColumns = Columns + ", specification, result";

    public required string Id { get; init; }

    public required string Kind { get; init; }

    public string? Specification { get; init; }

    public int Priority { get; init; }

    public required string State { get; init; }

    public long Fence { get; init; }

    public int Attempts { get; init; }

    public int Crashes { get; init; }

    public long Step { get; init; }

    public long? TotalSteps { get; init; }

    public double? EtaSeconds { get; init; }

    public string? Metrics { get; init; }

    public long ElapsedMs { get; init; }

    public string? Result { get; init; }

    public string? Error { get; init; }

    public long CreatedAt { get; init; }

    public long? StartedAt { get; init; }

    public long? FinishedAt { get; init; }

    public bool IsFinished() => State is "succeeded" or "failed" or "cancelled";
}
