using System.ComponentModel.DataAnnotations;

namespace KlCore.Training.Optimization;

/// <summary>The full rate for a while, then half a cosine wave down to a fraction of it.</summary>
/// <remarks>Loshchilov and Hutter, SGDR: stochastic gradient descent with warm restarts, ICLR 2017, without the restarts.</remarks>
public sealed record CosineSchedule : Schedule
{
    /// <summary>The fraction of the run that goes at the full rate.</summary>
    [Range(0, 1)]
    public double Hold { get; init; }

    /// <summary>What is left of the rate at the end.</summary>
    [Range(0, 1)]
    public double FinalFraction { get; init; }

    /// <inheritdoc/>
    public override double Multiplier(long step, long total)
    {
        var done = (double)step / Math.Max(1, total);
        if (done <= Hold) return 1;
        var wave = 0.5 * (1 + Math.Cos(Math.PI * (done - Hold) / (1 - Hold)));
        return FinalFraction + (1 - FinalFraction) * wave;
    }
}
