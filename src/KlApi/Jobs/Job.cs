using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using KlCore.Training;

namespace KlApi.Jobs;

/// <summary>Where a job is in its life. The last three are final.</summary>
internal enum JobStatus
{
    /// <summary>Waits for its turn, for the first time or after the process that ran it ended.</summary>
    Queued,

    /// <summary>A worker runs it.</summary>
    Running,

    /// <summary>It has its result.</summary>
    Succeeded,

    /// <summary>It has none; <c>error</c> says why.</summary>
    Failed,

    /// <summary>A client cancelled it.</summary>
    Cancelled,
}

/// <summary>What every answer about a job says.</summary>
internal abstract record JobFacts
{
    /// <summary>The serializer's: with it the document says which fields are always there.</summary>
    protected JobFacts()
    {
    }

    [SetsRequiredMembers]
    protected JobFacts(JobRow row)
    {
        (Id, Kind, Status, Priority, Attempts) = (row.Id, row.Kind, StatusOf(row), row.Priority, row.Attempts);
        CreatedAt = Time(row.CreatedAt);
        StartedAt = row.StartedAt is { } started ? Time(started) : null;
        FinishedAt = row.FinishedAt is { } finished ? Time(finished) : null;
        Progress = JobProgress.Of(row);
        Metrics = JsonText.Element(row.Metrics ?? "{}");
        Error = row.Error is { } error ? JsonText.Read<JobError>(error) : null;
    }

    /// <summary>Sorts by age: a ULID.</summary>
    public required string Id { get; init; }

    /// <summary>What it does, for example <c>density-fit</c>.</summary>
    public required string Kind { get; init; }

    /// <inheritdoc cref="JobStatus"/>
    public required JobStatus Status { get; init; }

    /// <summary>0 to 9; a higher one runs first, equal ones in the order of their submission.</summary>
    public required int Priority { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When a worker first took it.</summary>
    public required DateTime? StartedAt { get; init; }

    /// <summary>When it reached its final status.</summary>
    public required DateTime? FinishedAt { get; init; }

    /// <summary>How far it is.</summary>
    public required JobProgress Progress { get; init; }

    /// <summary>The latest value of each metric, by name.</summary>
    public required JsonElement Metrics { get; init; }

    /// <summary>How often a worker took it: more than 1 when a process ended in the middle. It resumed from its checkpoint.</summary>
    public required int Attempts { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public required JobError? Error { get; init; }

    public static JobStatus StatusOf(JobRow row) => row.State switch
    {
        "queued" or "interrupted" => JobStatus.Queued,
        "running" => JobStatus.Running,
        "succeeded" => JobStatus.Succeeded,
        "failed" => JobStatus.Failed,
        _ => JobStatus.Cancelled,
    };

    private static DateTime Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime;
}

/// <summary>A job without its documents, as lists show it.</summary>
internal sealed record JobSummary : JobFacts
{
    [JsonConstructor]
    private JobSummary()
    {
    }

    [SetsRequiredMembers]
    public JobSummary(JobRow row) : base(row)
    {
    }
}

/// <summary>A job with everything that it was given and gave.</summary>
internal sealed record Job : JobFacts
{
    [JsonConstructor]
    private Job()
    {
    }

    [SetsRequiredMembers]
    public Job(JobRow row) : base(row)
    {
        Specification = JsonText.Element(row.Specification!);
        Result = row.Result is { } result ? JsonText.Element(result) : null;
        Charts = JsonText.Read<TrainingSpecification>(row.Specification!).ChartNames();
    }

    /// <summary>The names of its charts, for <c>GET /v1/jobs/{id}/charts/{name}.svg</c>; some have something to show only after a while or at the end.</summary>
    [JsonPropertyOrder(3)]
    public required IReadOnlyList<string> Charts { get; init; }

    /// <summary>What it was asked to do, defaults filled in. Submitting it again gives the same result to the last bit.</summary>
    [JsonPropertyOrder(1)]
    public required JsonElement Specification { get; init; }

    /// <summary>What it gave, in the shape of its kind; null before it succeeded.</summary>
    [JsonPropertyOrder(2)]
    public required JsonElement? Result { get; init; }
}

/// <summary>How far a job is.</summary>
/// <param name="Step">Steps that are done.</param>
/// <param name="TotalSteps">Steps in all; null before the job has started.</param>
/// <param name="Fraction">Their ratio, 0 to 1.</param>
/// <param name="EtaSeconds">How long the rest will take at the present speed; null when not running.</param>
internal sealed record JobProgress(long Step, long? TotalSteps, double Fraction, double? EtaSeconds)
{
    public static JobProgress Of(JobRow row) =>
        new(row.Step, row.TotalSteps, row.State == "succeeded" ? 1 : Ratio(row.Step, row.TotalSteps), row.State == "running" ? row.EtaSeconds : null);

    public static double Ratio(long step, long? total) => total > 0 ? Math.Min(1, (double)step / total.Value) : 0;
}

/// <summary>Why a job failed.</summary>
/// <param name="Code">One stable word: <c>diverged</c>, <c>crashed</c>, <c>time-limit</c>, <c>out-of-memory</c>, <c>invalid-input</c>, <c>internal-error</c>, ….</param>
/// <param name="Message">What happened, and what may help.</param>
internal sealed record JobError(string Code, string Message)
{
    /// <summary>For <c>diverged</c>: the step whose numbers stopped making sense.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Step { get; init; }

    /// <summary>For <c>diverged</c>: the last loss that was finite.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LastFiniteLoss { get; init; }

    /// <summary>For <c>invalid-input</c>: every failure by JSON pointer into the specification.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }
}
