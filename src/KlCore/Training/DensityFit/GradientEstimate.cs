using KlCore.Distributions;

namespace KlCore.Training.DensityFit;

/// <summary>A way to find the loss and its gradient at the model's current parameters.</summary>
internal abstract class GradientEstimate
{
    /// <summary>The loss; sets <paramref name="gradient"/> to ∂loss/∂θ. What is random about it is addressed by the step.</summary>
    public abstract double Evaluate(long step, MixtureDensity model, Span<double> gradient);

    /// <summary>Scales the gradient of D to that of the objective, whose value it returns.</summary>
    protected static double Outer(Objective objective, double divergence, Span<double> gradient)
    {
        var slope = objective.OuterSlope(divergence);
        foreach (ref var element in gradient) element *= slope;
        return objective.Outer(divergence);
    }
}
