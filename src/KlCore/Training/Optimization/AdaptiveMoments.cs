using System.Numerics;

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
        var (means, squares) = (state.Slots[0], state.Slots[1]);
        var (kept1, added1, kept2, added2) = (T.CreateChecked(rule.Beta1), T.CreateChecked(1 - rule.Beta1), T.CreateChecked(rule.Beta2), T.CreateChecked(1 - rule.Beta2));
        // m̂ / (√v̂ + ε) = m c / (√v + ε √s) with s = 1 − β₂ᵗ and c = √s / (1 − β₁ᵗ): one division for each parameter.
        var root = Math.Sqrt(1 - Math.Pow(rule.Beta2, state.Steps));
        var length = T.CreateChecked(rate * root / (1 - Math.Pow(rule.Beta1, state.Steps)));
        var (floor, left) = (T.CreateChecked(rule.Epsilon * root), T.CreateChecked(1 - decay));
        for (var i = 0; i < parameters.Length; i++)
        {
            means[i] = kept1 * means[i] + added1 * gradient[i];
            squares[i] = kept2 * squares[i] + added2 * gradient[i] * gradient[i];
            parameters[i] = left * parameters[i] - length * means[i] / (T.Sqrt(squares[i]) + floor);
        }
    }
}
