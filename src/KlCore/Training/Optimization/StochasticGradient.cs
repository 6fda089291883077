namespace KlCore.Training.Optimization;

/// <summary>Plain gradient descent: θ ← θ − rate · g.</summary>
public sealed record StochasticGradient : Optimizer
{
    internal override double UsualRate => 0.01;

    internal override int Slots => 0;

    internal override void Update<T>(double rate, ReadOnlySpan<T> gradient, Span<T> parameters, OptimizerState<T> state)
    {
        state.Steps++;
        var length = T.CreateChecked(rate);
        for (var i = 0; i < parameters.Length; i++) parameters[i] -= length * gradient[i];
    }
}
