using System.ComponentModel.DataAnnotations;

namespace KlCore.Divergences;

/// <summary>
/// (n + alpha) / (N + alpha K): alpha imaginary observations in each category. 1 is Laplace's rule, 1/2 that of Jeffreys and of
/// Krichevsky and Trofimov. Source: G. Lidstone, Transactions of the Faculty of Actuaries 8 (1920).
/// </summary>
public sealed record Additive : Smoothing
{
    /// <summary>What is added to each count.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double Alpha { get; init; } = 1;

    internal override MassFunction Smooth(MassFunction raw)
    {
        var added = raw.CountUnit * Alpha;
        return SmoothedWeights.Apply(raw, (_, weight) => weight + added);
    }
}
