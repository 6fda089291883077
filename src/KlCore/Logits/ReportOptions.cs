using System.ComponentModel.DataAnnotations;

namespace KlCore.Logits;

/// <summary>What to do where the two sides have vocabularies of different sizes.</summary>
public enum VocabularyPolicy
{
    /// <summary>Refuse.</summary>
    Error,

    /// <summary>Compare the tokens that both have, renormalised, and tell the mass that was left out.</summary>
    Truncate,
}

/// <summary>What to do with a row that is no distribution: a NaN or +Infinity in it, or no finite logit.</summary>
public enum NonFinitePolicy
{
    /// <summary>Refuse, naming the row.</summary>
    Error,

    /// <summary>Leave the position out and count it.</summary>
    Exclude,
}

/// <summary>Whose numbers are wanted beside ours.</summary>
public enum Compatibility
{
    /// <summary>Nobody's.</summary>
    None,

    /// <summary>Those that <c>llama-perplexity --kl-divergence</c> prints.</summary>
    LlamaCpp,
}

/// <summary>How logits are compared and what the report shows.</summary>
public record ReportOptions : IChecked
{
    /// <summary>The percentiles of an ordinary report, in percent.</summary>
    public static readonly IReadOnlyList<double> DefaultPercentiles = [0.1, 1, 5, 10, 25, 50, 75, 90, 95, 99, 99.9];

    /// <summary>What both sides' logits are divided by.</summary>
    [Range(1e-3, 1e3)]
    public double Temperature { get; init; } = 1;

    /// <summary>The unit that divergences and entropies are told in.</summary>
    public Unit Unit { get; init; }

    /// <summary>Which percentiles to tell, in percent from 0 to 100, by linear interpolation.</summary>
    [Finite]
    public IReadOnlyList<double> Percentiles { get; init; } = DefaultPercentiles;

    /// <summary>The sizes of top-k lists to compare.</summary>
    public IReadOnlyList<int> TopK { get; init; } = [5, 10];

    /// <summary>Rows per chunk of text. Positions of one chunk are correlated: with it errors are told by chunks too. Null: what the file says, else unknown.</summary>
    [Range(1, int.MaxValue)]
    public int? ClusterSize { get; init; }

    /// <summary>How many rows at the start of each chunk (of the whole, where chunks are not known) are left out.</summary>
    [Range(0, int.MaxValue)]
    public int Skip { get; init; }

    /// <summary>What to do where the vocabularies differ.</summary>
    public VocabularyPolicy VocabularyPolicy { get; init; }

    /// <summary>What to do with rows that are no distributions.</summary>
    public NonFinitePolicy NonFinite { get; init; }

    /// <summary>How many of the positions with the largest forward KL to list.</summary>
    [Range(0, 1000)]
    public int Worst { get; init; } = 10;

    /// <summary>Whose numbers are wanted beside ours.</summary>
    public Compatibility Compatibility { get; init; }

    /// <summary>Only these options, where they are part of a request that has more.</summary>
    public ReportOptions Alone() => new(this);

    /// <inheritdoc/>
    public virtual void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        CheckTogether(problems);
    }

    /// <summary>Checks what the bounds of single numbers do not say: lists, and values that depend on others.</summary>
    public void CheckTogether(Problems problems)
    {
        if (Percentiles.Count > 100) problems.Add("percentiles", $"must be at most 100 numbers, were {Percentiles.Count}");
        for (var i = 0; i < Percentiles.Count; i++)
            if (!(Percentiles[i] is >= 0 and <= 100)) problems.At("percentiles").At(i).Add($"must be at least 0 and at most 100, was {Percentiles[i]:R}");
        if (TopK.Count > Position.TopKLimit) problems.Add("topK", $"must be at most {Position.TopKLimit} numbers, were {TopK.Count}");
        for (var i = 0; i < TopK.Count; i++)
            if (TopK[i] is < 1 or > 1000) problems.At("topK").At(i).Add($"must be at least 1 and at most 1000, was {TopK[i]}");
        if (ClusterSize is { } size && Skip >= size) problems.Add("skip", $"must be less than clusterSize ({size}), was {Skip}");
    }
}
