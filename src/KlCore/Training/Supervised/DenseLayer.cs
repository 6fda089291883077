using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using KlCore.Networks;

namespace KlCore.Training.Supervised;

/// <summary>A layer as Keras' Dense: each of its units sees all outputs of the layer before; dropout follows it in training.</summary>
public sealed record DenseLayer : IChecked
{
    /// <summary>How many outputs it has.</summary>
    [Range(1, 65_536)]
    public required int Units { get; init; }

    /// <summary>What it does to its weighted sums.</summary>
    public Activation Activation { get; init; }

    /// <summary>The probability with which each of its outputs is left out in a step of training.</summary>
    [Range(0, 1, MaximumIsExclusive = true)]
    public double Dropout { get; init; }

    /// <summary>The factor of sum |w| over its weights, which is added to the loss; without it, what the whole network has.</summary>
    [Range(0, double.MaxValue)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? L1 { get; init; }

    /// <summary>The factor of sum w^2 over its weights, which is added to the loss; without it, what the whole network has.</summary>
    [Range(0, double.MaxValue)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? L2 { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems) => Bounds.Check(this, problems);
}
