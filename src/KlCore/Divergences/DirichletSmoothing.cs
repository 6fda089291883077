using System.ComponentModel.DataAnnotations;

namespace KlCore.Divergences;

/// <summary>
/// (n + mu background) / (N + mu): mu imaginary observations spread like the background, so that more data need less of it.
/// Source: C. Zhai and J. Lafferty, ACM Transactions on Information Systems 22 (2004).
/// </summary>
public sealed record DirichletSmoothing : BackgroundSmoothing
{
    /// <summary>The number of imaginary observations.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double Mu { get; init; } = 1;

    internal override MassFunction Smooth(MassFunction raw)
    {
        var background = Spread(raw.CountUnit * Mu, raw.Count);
        return SmoothedWeights.Apply(raw, (i, weight) => weight + background(i));
    }
}
