using System.ComponentModel.DataAnnotations;
using KlCore.Networks;

namespace KlCore.Training.Autoencoder;

/// <summary>A dense layer between the data and the latents.</summary>
public sealed record HiddenLayer : IChecked
{
    /// <summary>How many units it has.</summary>
    [Range(1, 65_536)]
    public required int Units { get; init; }

    /// <summary>What it does to their weighted sums.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <inheritdoc/>
    public void Check(Problems problems) => Bounds.Check(this, problems);
}
