using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Divergences;

/// <summary>
/// The recipe np.clip(p, eps, 1 - eps): every probability is moved into [eps, 1 - eps] and nothing is normalised again, so that the
/// sums differ from 1 and the measures are their formulas applied to numbers that are not quite distributions. Kept because published
/// results were made with it; a divergence may come out slightly below its true minimum.
/// </summary>
public sealed record Clip : Smoothing
{
    /// <summary>The least probability that is left.</summary>
    [Range(0.0, 0.5, MinimumIsExclusive = true)]
    public double Epsilon { get; init; } = 1e-10;

    internal override MassFunction Smooth(MassFunction raw)
    {
        DoubleDouble low = Epsilon, high = 1 - Epsilon;
        return SmoothedWeights.Apply(raw, (_, weight) => Limit(weight / raw.Total, low, high), normalised: false);
    }

    private static DoubleDouble Limit(DoubleDouble value, DoubleDouble low, DoubleDouble high) => value < low ? low : value > high ? high : value;
}
