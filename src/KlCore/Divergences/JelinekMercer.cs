using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Divergences;

/// <summary>
/// (1 - lambda) n/N + lambda background: a fixed share of the background, however many observations there are.
/// Source: F. Jelinek and R. Mercer, Pattern Recognition in Practice (1980).
/// </summary>
public sealed record JelinekMercer : BackgroundSmoothing
{
    /// <summary>The share of the background.</summary>
    [Range(0.0, 1.0)]
    public double Lambda { get; init; } = 0.1;

    internal override MassFunction Smooth(MassFunction raw)
    {
        var background = Spread(raw.Total * Lambda, raw.Count);
        var kept = DoubleDouble.Sum(1, -Lambda);
        return SmoothedWeights.Apply(raw, (i, weight) => weight * kept + background(i));
    }
}
