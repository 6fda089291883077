using System.ComponentModel.DataAnnotations;

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
        var velocity = state.Slots[0];
        var (length, kept) = (T.CreateChecked(rate), T.CreateChecked(Momentum));
        for (var i = 0; i < parameters.Length; i++)
        {
            velocity[i] = kept * velocity[i] + gradient[i];
            parameters[i] -= length * velocity[i];
        }
    }
}
