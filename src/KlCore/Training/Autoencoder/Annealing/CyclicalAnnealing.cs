using System.ComponentModel.DataAnnotations;

namespace KlCore.Training.Autoencoder;

/// <summary>
/// The training is cut into cycles; in each the weight grows evenly from nothing to beta over a part of the cycle, then stays: min(1, t / growth) with
/// t = (step mod (total / cycles)) / (total / cycles).
/// </summary>
/// <remarks>Fu et al., Cyclical annealing schedule: a simple approach to mitigating KL vanishing, NAACL 2019.</remarks>
public sealed record CyclicalAnnealing : KlAnnealing
{
    /// <summary>How many cycles the training has.</summary>
    [Range(1, 10_000)]
    public int Cycles { get; init; } = 4;

    /// <summary>The part of a cycle over which the weight grows.</summary>
    [Range(0, 1, MinimumIsExclusive = true)]
    public double Growth { get; init; } = 0.5;

    internal override double Share(long step, long perEpoch, long total)
    {
        var cycle = Math.Max(1, (double)total / Cycles);
        return Math.Min(1, step % cycle / cycle / Growth);
    }
}
