namespace KlCore.Training.Optimization;

/// <summary>Plain gradient descent: θ ← θ − rate · g.</summary>
public sealed record StochasticGradient : Optimizer
{
    internal override int Slots => 0;

    internal override void Update(double rate, ReadOnlySpan<double> gradient, Span<double> parameters, OptimizerState state)
    {
        state.Steps++;
        for (var i = 0; i < parameters.Length; i++) parameters[i] -= rate * gradient[i];
    }
}
