using System.Runtime.CompilerServices;
using KlCore.Numerics;

namespace KlCore.Training.Optimization;

/// <summary>Plain gradient descent: θ ← θ − rate · g.</summary>
public sealed record StochasticGradient : Optimizer
{
    internal override double UsualRate => 0.01;

    internal override int Slots => 0;

    internal override void Update<T>(double rate, ReadOnlySpan<T> gradient, Span<T> parameters, OptimizerState<T> state)
    {
        state.Steps++;
        UpdateLoop.Run(new Rule(rate), gradient, parameters, state);
    }

    private readonly struct Rule(double rate) : IUpdateRule
    {
        public static int Slots => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Update<T>(ref T parameter, T gradient, ref T first, ref T second) where T : struct, IReal<T> =>
            parameter -= T.Of(rate) * gradient;
    }
}
