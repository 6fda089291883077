using System.ComponentModel.DataAnnotations;

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
        var velocity = state.Slots[0];
        var (length, kept) = (T.CreateChecked(rate), T.CreateChecked(Momentum));
        for (var i = 0; i < parameters.Length; i++)
        {
            velocity[i] = kept * velocity[i] + gradient[i];
            parameters[i] -= length * (gradient[i] + kept * velocity[i]);
        }
    }
}
