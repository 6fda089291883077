using System.Text.Json.Serialization;
using KlCore.Formats;

namespace KlApi.Datasets;

/// <summary>An uploaded table.</summary>
internal sealed record Dataset
{
    /// <summary>Names it in jobs and paths.</summary>
    public required string Id { get; init; }

    /// <summary>What the client called it; only ever shown.</summary>
    public required string Name { get; init; }

    /// <summary>How its bytes are to be read.</summary>
    public required DatasetFormat Format { get; init; }

    /// <summary>How many rows it has; a header is no row.</summary>
    public required long Rows { get; init; }

    /// <summary>How many columns it has.</summary>
    public required int Columns { get; init; }

    /// <summary>The size of the file in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>SHA-256 of the file, 64 hexadecimal digits in lower case. Equal data has equal hashes, and yet each upload is a dataset of its own.</summary>
    public required string Sha256 { get; init; }

    /// <summary>When the upload was complete, in UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>The columns in their order; left out in lists.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TableColumn>? Schema { get; init; }
}
