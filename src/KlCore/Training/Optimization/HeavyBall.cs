using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using KlCore.Numerics;

namespace KlCore.Training.Optimization;

/// <summary>Gradient descent with momentum (Polyak 1964): v ← momentum · v + g, θ ← θ − rate · v.</summary>
public sealed record HeavyBall : Optimizer
{
    /// <summary>How much of the last step's velocity is kept.</summary>
    [Range(0, 1, MaximumIsExclusive = true)]
    public double Momentum { get; init; } = 0.9;

    internal override double UsualRate => 0.01;

    internal override int Slots => 1;

    internal override void Update<T>(double rate, ReadOnlySpan<T> gradient, Span<T> parameters, OptimizerState<T> state)
    {
        state.Steps++;
        UpdateLoop.Run(new Rule(rate, Momentum), gradient, parameters, state);
    }

    private readonly struct Rule(double rate, double kept) : IUpdateRule
    {
        public static int Slots => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Update<T>(ref T parameter, T gradient, ref T first, ref T second) where T : struct, IReal<T>
        {
            first = T.Of(kept) * first + gradient;
            parameter -= T.Of(rate) * first;
        }
    }
}
