using System.Text.Json.Serialization;
using KlCore.Drift;

namespace KlApi.Monitors;

/// <summary>A reference that batches are compared with.</summary>
public sealed record Monitor
{
    /// <summary>Names it in paths.</summary>
    public required string Id { get; init; }

    /// <summary>What the client called it; only ever shown.</summary>
    public required string Name { get; init; }

    /// <summary>How many rows the reference had.</summary>
    public required long Rows { get; init; }

    /// <summary>How many columns are compared.</summary>
    public required int Columns { get; init; }

    /// <summary>How many batches were taken.</summary>
    public required long Batches { get; init; }

    /// <summary>When the reference was stored, in UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>What counts as drift; left out in lists.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DriftOptions? Options { get; init; }

    /// <summary>The columns as they are compared; left out in lists.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<MonitoredColumn>? Schema { get; init; }
}

/// <summary>A column of a reference.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">How it is compared.</param>
/// <param name="Reason">Why so.</param>
/// <param name="Missing">How many of its cells held nothing.</param>
/// <param name="IsComplete">Whether what is kept is its whole distribution.</param>
public sealed record MonitoredColumn(string Name, ColumnKind Type, string Reason, long Missing, bool IsComplete);

/// <summary>What came of one batch.</summary>
public sealed record Batch
{
    /// <summary>The monitor that took it.</summary>
    public required string Monitor { get; init; }

    /// <summary>Its place in the order of arrival, from 1.</summary>
    public required long Number { get; init; }

    /// <summary>What the client called it.</summary>
    public string? Label { get; init; }

    /// <summary>The time that it is of, as the client said, else that of its arrival; UTC.</summary>
    public required DateTime Time { get; init; }

    /// <summary>When it was taken, in UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>How many rows it had. They are not kept.</summary>
    public required long Rows { get; init; }

    /// <summary>How it compares with the reference.</summary>
    public required DriftReport Drift { get; init; }
}

/// <summary>One batch in a timeline.</summary>
/// <param name="Number">Its place in the order of arrival.</param>
/// <param name="Label">What the client called it.</param>
/// <param name="Time">The time that it is of.</param>
/// <param name="Rows">How many rows it had.</param>
/// <param name="Verdict">Whether any column drifted.</param>
/// <param name="Drifted">The columns that did.</param>
/// <param name="Columns">Score and p-value of each column.</param>
public sealed record TimelineEntry(long Number, string? Label, DateTime Time, long Rows, DriftVerdict Verdict, IReadOnlyList<string> Drifted, IReadOnlyList<TimelineColumn> Columns)
{
    internal static TimelineEntry Of(Batch batch) => new(
        batch.Number, batch.Label, batch.Time, batch.Rows, batch.Drift.Verdict, batch.Drift.Drifted,
        [.. batch.Drift.Columns.Select(column => new TimelineColumn(column.Name, column.Method, column.Score, column.Threshold, column.PValue, column.AdjustedPValue, column.Verdict))]);
}

/// <summary>One column of one batch.</summary>
/// <param name="Name">The column.</param>
/// <param name="Method">By which method it was compared.</param>
/// <param name="Score">How far it is from the reference.</param>
/// <param name="Threshold">From which score on that counts.</param>
/// <param name="PValue">Of the test on the same data.</param>
/// <param name="AdjustedPValue">With the correction for many columns.</param>
/// <param name="Verdict">Whether it drifted.</param>
public sealed record TimelineColumn(string Name, DriftMethod? Method, double? Score, double? Threshold, double? PValue, double? AdjustedPValue, DriftVerdict Verdict);
