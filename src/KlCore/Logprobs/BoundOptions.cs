using System.ComponentModel.DataAnnotations;

namespace KlCore.Logprobs;

/// <summary>What is known beside the lists.</summary>
public sealed record BoundOptions : IChecked
{
    /// <summary>How many tokens there are; null if that is not known, and then it may be any number.</summary>
    [Range(1, 1 << 24)]
    public int? Vocabulary { get; init; }

    /// <summary>
    /// The least log-probability (nats) that a token which is not listed can have, on either side: a token of a model whose logits span at most R
    /// has at least -R - ln V. Null: none is known, such a token may be impossible.
    /// </summary>
    [Range(double.MinValue, 0.0)]
    public double? Floor { get; init; }

    /// <summary>By how much listed probabilities may miss or exceed a sum of 1 beyond what their uncertainties allow.</summary>
    [Range(0.0, 0.1)]
    public double MassTolerance { get; init; } = 1e-6;

    /// <inheritdoc/>
    public void Check(Problems problems) => Bounds.Check(this, problems);
}
