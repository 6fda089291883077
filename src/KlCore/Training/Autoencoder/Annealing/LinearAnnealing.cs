using System.ComponentModel.DataAnnotations;

namespace KlCore.Training.Autoencoder;

/// <summary>The weight grows evenly from nothing to beta over the first epochs, then stays: min(1, step / (epochs of steps)).</summary>
/// <remarks>Bowman et al., Generating sentences from a continuous space, CoNLL 2016.</remarks>
public sealed record LinearAnnealing : KlAnnealing
{
    /// <summary>How many epochs the growth takes.</summary>
    [Range(1, 100_000)]
    public int Epochs { get; init; } = 10;

    internal override double Share(long step, long perEpoch, long total) => Math.Min(1, (double)step / ((double)Epochs * perEpoch));
}
