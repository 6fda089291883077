using System.ComponentModel.DataAnnotations;

namespace KlCore.Divergences;

/// <summary>How the numbers that a caller gives are to be read as distributions: the same for p and for q.</summary>
public sealed record Interpretation : IChecked
{
    /// <summary>What the numbers are.</summary>
    public InputKind Input { get; init; } = InputKind.Probabilities;

    /// <summary>How far from 1 the sum of probabilities may be. What passes is divided by its exact sum.</summary>
    [Range(0.0, 1.0)]
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>Divides logits before their softmax. Above 1 flattens, below 1 sharpens.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double Temperature { get; init; } = 1;

    /// <summary>What is done about categories that were never seen.</summary>
    public Smoothing Smoothing { get; init; } = new NoSmoothing();

    /// <summary>Where the categories lie, for measures with a ground distance; null means 0, 1, 2, …</summary>
    public Positions? Positions { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        Smoothing.Check(problems.At("smoothing"));
        if (Temperature != 1 && Input != InputKind.Logits) problems.Add("temperature", "applies to logits only");
    }
}
