using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using KlCore.Numerics;

namespace KlCore.Training.Optimization;

/// <summary>Momentum that looks ahead: v ← momentum · v + g, θ ← θ − rate · (g + momentum · v).</summary>
/// <remarks>
/// Nesterov, A method for solving the convex programming problem with convergence rate O(1/k²), 1983, in the form of Sutskever, Martens, Dahl and
/// Hinton, ICML 2013, that PyTorch and Keras use.
/// </remarks>
public sealed record Nesterov : Optimizer
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
            parameter -= T.Of(rate) * (gradient + T.Of(kept) * first);
        }
    }
}
