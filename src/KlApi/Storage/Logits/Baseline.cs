using System.Text.Json.Serialization;
using KlCore.Formats;

namespace KlApi.Storage.Logits;

/// <summary>Stored rows of logits that others are compared with. Neither they nor their targets ever change under a name.</summary>
internal sealed record Baseline
{
    /// <summary>Names it in paths.</summary>
    public required string Name { get; init; }

    /// <summary>How many rows of logits it has: one for each position of the text.</summary>
    public required long Rows { get; init; }

    /// <summary>How many logits a row has.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>How the file stores a logit: <c>f16</c>, <c>bf16</c>, <c>f32</c>, <c>f64</c>, or <c>u16</c> (the 16-bit log-probabilities of a kld file).</summary>
    public required string DataType { get; init; }

    /// <summary>The format that was uploaded.</summary>
    public required LogitsFormat Format { get; init; }

    /// <summary>The tensor of a safetensors file that the upload asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Tensor { get; init; }

    /// <summary>The size of the file in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>SHA-256 of the file, 64 hexadecimal digits in lower case.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Whether the next token of each row is known.</summary>
    public required bool Targets { get; init; }

    /// <summary>Rows per chunk of text, where the file says so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ChunkRows { get; init; }

    /// <summary>When the upload was complete, in UTC.</summary>
    public required DateTime CreatedAt { get; init; }
}

/// <summary>A baseline and where its bytes are.</summary>
/// <param name="Baseline">What clients see.</param>
/// <param name="File">The id of its file.</param>
/// <param name="TargetsFile">The id of the file of its targets, if it has any.</param>
/// <param name="TargetsSha256">The hash of that file.</param>
internal sealed record StoredBaseline(Baseline Baseline, string File, string? TargetsFile, string? TargetsSha256);
