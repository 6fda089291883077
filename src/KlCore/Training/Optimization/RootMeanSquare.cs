using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using KlCore.Numerics;

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
        UpdateLoop.Run(new Rule(rate, Rho, Epsilon), gradient, parameters, state);
    }

    private readonly struct Rule(double rate, double kept, double floor) : IUpdateRule
    {
        public static int Slots => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Update<T>(ref T parameter, T gradient, ref T first, ref T second) where T : struct, IReal<T>
        {
            first = T.Of(kept) * first + T.Of(1 - kept) * gradient * gradient;
            parameter -= T.Of(rate) * gradient / (T.Sqrt(first) + T.Of(floor));
        }
    }
}
