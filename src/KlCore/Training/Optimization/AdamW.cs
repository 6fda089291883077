using System.ComponentModel.DataAnnotations;

namespace KlCore.Training.Optimization;

/// <summary>Adam whose parameters decay by themselves: θ ← θ − rate · weightDecay · θ before each step of Adam. All parameters decay.</summary>
/// <remarks>Loshchilov and Hutter, Decoupled weight decay regularization, ICLR 2019.</remarks>
public sealed record AdamW : Optimizer
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

    /// <summary>Which part of a parameter is lost in a step of rate 1.</summary>
    [Range(0, 1)]
    public double WeightDecay { get; init; } = 0.01;

    internal override double UsualRate => 0.001;

    internal override int Slots => 2;

    internal override void Update<T>(double rate, ReadOnlySpan<T> gradient, Span<T> parameters, OptimizerState<T> state) =>
        AdaptiveMoments.Update(rate, rate * WeightDecay, (Beta1, Beta2, Epsilon), gradient, parameters, state);
}
