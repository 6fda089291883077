using System.ComponentModel.DataAnnotations;

namespace KlCore.Training.Optimization;

/// <summary>RMSprop: v ← ρv + (1−ρ)g², θ ← θ − rate · g / (√v + ε).</summary>
/// <remarks>Tieleman and Hinton, Lecture 6.5 of Neural networks for machine learning, 2012.</remarks>
public sealed record RootMeanSquare : Optimizer
{
    /// <summary>ρ: how much of the mean squared gradient is kept.</summary>
    [Range(0, 1, MaximumIsExclusive = true)]
    public double Rho { get; init; } = 0.9;

    /// <summary>ε: keeps the denominator away from zero.</summary>
    [Range(0, 1, MinimumIsExclusive = true)]
    public double Epsilon { get; init; } = 1e-7;

    internal override double UsualRate => 0.001;

    internal override int Slots => 1;

    internal override void Update<T>(double rate, ReadOnlySpan<T> gradient, Span<T> parameters, OptimizerState<T> state)
    {
        state.Steps++;
        var squares = state.Slots[0];
        var (length, kept, added, floor) = (T.CreateChecked(rate), T.CreateChecked(Rho), T.CreateChecked(1 - Rho), T.CreateChecked(Epsilon));
        for (var i = 0; i < parameters.Length; i++)
        {
            squares[i] = kept * squares[i] + added * gradient[i] * gradient[i];
            parameters[i] -= length * gradient[i] / (T.Sqrt(squares[i]) + floor);
        }
    }
}
