using System.Numerics;
using System.Runtime.CompilerServices;
using KlCore.Numerics;

namespace KlCore.Training.Optimization;

/// <summary>The step that <see cref="Adam"/> and <see cref="AdamW"/> share.</summary>
internal static class AdaptiveMoments
{
    /// <summary>Takes one step; <paramref name="decay"/> is the part of each parameter that is lost before it.</summary>
    public static void Update<T>(
        double rate, double decay, (double Beta1, double Beta2, double Epsilon) rule, ReadOnlySpan<T> gradient, Span<T> parameters, OptimizerState<T> state)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        state.Steps++;
        // m̂ / (√v̂ + ε) = m c / (√v + ε √s) with s = 1 − β₂ᵗ and c = √s / (1 − β₁ᵗ): one division for each parameter.
        var root = Math.Sqrt(1 - Math.Pow(rule.Beta2, state.Steps));
        var length = rate * root / (1 - Math.Pow(rule.Beta1, state.Steps));
        UpdateLoop.Run(new Rule(rule.Beta1, rule.Beta2, length, rule.Epsilon * root, 1 - decay), gradient, parameters, state);
    }

    private readonly struct Rule(double kept1, double kept2, double length, double floor, double left) : IUpdateRule
    {
        public static int Slots => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Update<T>(ref T parameter, T gradient, ref T first, ref T second) where T : struct, IReal<T>
        {
            first = T.Of(kept1) * first + T.Of(1 - kept1) * gradient;
            second = T.Of(kept2) * second + T.Of(1 - kept2) * gradient * gradient;
            parameter = T.Of(left) * parameter - T.Of(length) * first / (T.Sqrt(second) + T.Of(floor));
        }
    }
}
