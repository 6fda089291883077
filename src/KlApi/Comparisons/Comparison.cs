using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using KlCore.Formats;
using KlCore.Logits.Reports;

namespace KlApi.Comparisons;

/// <summary>A report that is kept, with the positions it was made of.</summary>
internal sealed record Comparison : ComparisonReport
{
    [JsonConstructor]
    public Comparison()
    {
    }

    /// <summary>A report with its name.</summary>
    [SetsRequiredMembers]
    public Comparison(ComparisonReport report, string id, string? baseline, DateTime createdAt)
        : base(report) => (Id, Baseline, CreatedAt) = (id, baseline, createdAt);

    /// <summary>Names it in paths, and where reports are ranked or merged.</summary>
    [JsonPropertyOrder(-3)]
    public required string Id { get; init; }

    /// <summary>The name that the baseline had. Null where both sides came with the request, and for merged reports.</summary>
    [JsonPropertyOrder(-2)]
    public string? Baseline { get; init; }

    /// <summary>When it was made, in UTC.</summary>
    [JsonPropertyOrder(-1)]
    public required DateTime CreatedAt { get; init; }
}

/// <summary>Where the numbers of a report come from.</summary>
/// <param name="P">The reference.</param>
/// <param name="Q">The model.</param>
internal sealed record Provenance(Origin P, Origin Q);

/// <summary>What one side was.</summary>
internal sealed record Origin
{
    /// <summary>The format that was read; null for numbers in the request.</summary>
    public LogitsFormat? Format { get; init; }

    /// <summary>How a logit was stored.</summary>
    public required string DataType { get; init; }

    /// <summary>Logits in a row.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>SHA-256 of the file, where it was stored. A candidate that is only streamed has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Sha256 { get; init; }

    public static Origin Of(LogitsShape shape, bool isInline, string? sha256) => new()
    {
        Format = isInline ? null : shape.Format,
        DataType = shape.DataType,
        Vocabulary = shape.Vocabulary,
        Sha256 = isInline ? null : sha256,
    };
}

/// <summary>A line of the list of comparisons.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Baseline">The name that the baseline had, if there was one.</param>
/// <param name="Rows">How many rows each side had.</param>
/// <param name="Vocabulary">How many tokens were compared at each position.</param>
/// <param name="Bytes">How much of the quota it takes: positions, report and summary.</param>
/// <param name="CreatedAt">When it was made, in UTC.</param>
internal sealed record ComparisonEntry(string Id, string? Baseline, long Rows, int Vocabulary, long Bytes, DateTime CreatedAt);
