using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Divergences;

/// <summary>
/// max(n - delta, 0)/N + delta T/(N K): takes delta from each category that was seen and spreads it over all alike. Where some n is
/// less than delta, less is taken than is spread, and the result is divided by its sum.
/// Source: H. Ney, U. Essen and R. Kneser, Computer Speech and Language 8 (1994).
/// </summary>
public sealed record AbsoluteDiscount : Smoothing
{
    /// <summary>What is taken from each count.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double Delta { get; init; } = 0.5;

    internal override MassFunction Smooth(MassFunction raw)
    {
        var discount = raw.CountUnit * Delta;
        var spread = discount * (double)SmoothedWeights.Seen(raw) / (double)raw.Count;
        return SmoothedWeights.Apply(raw, (_, weight) => (weight > discount ? weight - discount : DoubleDouble.Zero) + spread);
    }
}
