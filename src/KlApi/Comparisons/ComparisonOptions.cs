using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using KlCore;
using KlCore.Logits;
using KlCore.Logits.Reports;

namespace KlApi.Comparisons;

/// <summary>How the answer tells of each position.</summary>
internal enum PerPosition
{
    /// <summary>Not at all: the answer is the report.</summary>
    None,

    /// <summary>A JSON object per line.</summary>
    Ndjson,

    /// <summary>A line of numbers per position, RFC 4180, with a header.</summary>
    Csv,

    /// <summary>A NumPy array of records.</summary>
    Npy,
}

/// <summary>What a request to compare logits may ask for.</summary>
internal abstract record ComparisonOptions : ReportOptions
{
    /// <summary>Whether the answer is the report or the positions, and how those are written. Left out, the <c>Accept</c> header decides.</summary>
    public PerPosition? PerPosition { get; init; }

    /// <summary>The number of the first row, where the data is one part of a larger whole whose reports are merged later.</summary>
    [Range(0L, 1L << 40)]
    public long FirstRow { get; init; }

    /// <summary>Limits to hold the report against, such as <c>forwardMean</c> 0.01, in the report's unit. The answer is 200 whatever the verdict.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Finite]
    public IReadOnlyDictionary<string, double>? Gate { get; init; }

    /// <summary>The limits, read. Legal after <see cref="Check"/>.</summary>
    public Gate? Limits() => KlCore.Logits.Reports.Gate.Parse(Gate ?? new Dictionary<string, double>(), new Problems());

    public override void Check(Problems problems)
    {
        base.Check(problems);
        KlCore.Logits.Reports.Gate.Parse(Gate ?? new Dictionary<string, double>(), problems.At("gate"));
        if (ClusterSize is > 0 and var size && FirstRow % size != 0) problems.Add("firstRow", $"must be where a chunk of {size} rows begins, was {FirstRow}");
    }
}

/// <summary>The options of a request whose body is the data.</summary>
internal sealed record QueryOptions : ComparisonOptions
{
    /// <summary>The tensor of a safetensors file that holds the candidate's logits; needed where several could.</summary>
    [StringLength(500, MinimumLength = 1)]
    public string? Tensor { get; init; }

    public override void Check(Problems problems)
    {
        base.Check(problems);
        if (Tensor?.Length is 0 or > 500) problems.Add("tensor", $"must have 1 to 500 characters, had {Tensor.Length}");
    }
}
