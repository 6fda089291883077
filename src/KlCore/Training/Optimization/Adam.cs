using System.ComponentModel.DataAnnotations;

namespace KlCore.Training.Optimization;

/// <summary>
/// Adam: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², θ ← θ − rate · m̂ / (√v̂ + ε) with m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ).
/// </summary>
/// <remarks>Kingma and Ba, Adam: a method for stochastic optimization, ICLR 2015, algorithm 1.</remarks>
public sealed record Adam : Optimizer
{
    /// <summary>β₁: how much of the mean gradient is kept.</summary>
    [Range(0, 1, MaximumIsExclusive = true)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>β₂: how much of the mean squared gradient is kept.</summary>
    [Range(0, 1, MaximumIsExclusive = true)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>ε: keeps the denominator away from zero.</summary>
    [Range(0, 1, MinimumIsExclusive = true)]
    public double Epsilon { get; init; } = 1e-8;

    internal override double UsualRate => 0.001;

    internal override int Slots => 2;

    internal override void Update<T>(double rate, ReadOnlySpan<T> gradient, Span<T> parameters, OptimizerState<T> state) =>
        AdaptiveMoments.Update(rate, 0, (Beta1, Beta2, Epsilon), gradient, parameters, state);
}
