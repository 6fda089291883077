using System.ComponentModel.DataAnnotations;
using KlCore;
using KlCore.Formats;

namespace KlApi.Baselines;

/// <summary>What a baseline is to become.</summary>
internal sealed record ConvertOptions : IChecked
{
    /// <summary>The format to write.</summary>
    public required LogitsFormat To { get; init; }

    /// <summary>How a logit is to be stored. Left out: as it is stored now, or as the nearest type that the format has and that holds it exactly.</summary>
    public ElementType? Type { get; init; }

    /// <summary>Rows per chunk of text, which a kld file has and others do not say. Left out: what the baseline says, else all rows are one chunk.</summary>
    [Range(1, int.MaxValue)]
    public int? ChunkRows { get; init; }

    /// <summary>The name of a new baseline: what was converted is kept under it and not answered.</summary>
    public string? Store { get; init; }

    public void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        if (ChunkRows is not null && To != LogitsFormat.Kld) problems.Add("chunkRows", "means something in a kld file only");
        if (Store is not null) BaselineName.Check(Store, problems, "store");
    }
}
