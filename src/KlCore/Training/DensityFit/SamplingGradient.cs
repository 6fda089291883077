using KlCore.Distributions;
using KlCore.Numerics;

namespace KlCore.Training.DensityFit;

/// <summary>
/// In any dimension: D = E_p[Value(u)] + E_q[Value(u)] and its gradient from draws of both. Draws of p score: E_p[Slope ∇θ ln q]. Draws of q
/// are reparameterised, x = m + L e, so that Slope is differentiated through them: E_q[Slope'(u) ∇x u · ∂x/∂θ]; they are divided evenly
/// among the components, and the weights' share of the gradient follows from each component's mean slope. All terms vanish where
/// q = p, so the noise dies out as a fit becomes good.
/// </summary>
/// <remarks>Reparameterisation: Kingma and Welling 2014. Zero variance at the optimum: Roeder, Wu and Duvenaud, Sticking the landing, 2017.</remarks>
internal sealed class SamplingGradient(Density target, Objective objective, int draws, long seed) : GradientEstimate
{
    private readonly int _d = target.Dimension;
    private readonly double[] _x = new double[target.Dimension];
    private readonly double[] _noise = new double[target.Dimension];
    private readonly double[] _targetSlope = new double[target.Dimension];
    private readonly double[] _modelSlope = new double[target.Dimension];

    public override double Evaluate(long step, MixtureDensity model, Span<double> gradient)
    {
        gradient.Clear();
        var divergence = FromTarget(new RandomStream(seed, step, "draws of the target"), model, gradient)
            + FromModel(new RandomStream(seed, step, "draws of the model"), model, gradient);
        return Outer(objective, divergence, gradient);
    }

    private double FromTarget(RandomStream random, MixtureDensity model, Span<double> gradient)
    {
        var sum = 0.0;
        for (var i = 0; i < draws; i++)
        {
            target.Sample(random, _x);
            var logQ = model.LogDensity(_x);
            var u = target.LogDensity(_x) - logQ;
            model.AddParameterGradient(logQ, objective.Slope(u) / draws, gradient);
            sum += objective.Value(u);
        }

        return sum / draws;
    }

    private double FromModel(RandomStream random, MixtureDensity model, Span<double> gradient)
    {
        var (components, size) = (model.Components, MixtureParameters.ComponentSize(_d));
        var perComponent = (draws + components - 1) / components;
        Span<double> slopes = stackalloc double[components];
        var divergence = 0.0;
        for (var k = 0; k < components; k++)
        {
            var weight = model.Weights[k] / perComponent;
            for (var i = 0; i < perComponent; i++)
            {
                model.SampleComponent(k, random, _x, _noise);
                var u = target.LogDensity(_x, _targetSlope) - model.LogDensity(_x, _modelSlope);
                divergence += weight * objective.Value(u);
                slopes[k] += objective.Slope(u) / perComponent;
                AddPath(model.Factor(k), weight * objective.SlopeDerivative(u), gradient.Slice(k * size, size));
            }
        }

        if (components > 1) AddWeights(model, slopes, gradient[(components * size)..]);
        return divergence;
    }

    // x_i = m_i + Σ_j L_ij e_j, and the diagonal of L is an exponential.
    private void AddPath(ReadOnlySpan<double> factor, double weight, Span<double> gradient)
    {
        var next = 0;
        for (var i = 0; i < _d; i++) gradient[next++] += weight * (_targetSlope[i] - _modelSlope[i]);
        for (var i = 0; i < _d; i++) gradient[next++] += weight * (_targetSlope[i] - _modelSlope[i]) * factor[i * _d + i] * _noise[i];
        for (var i = 1; i < _d; i++)
        {
            for (var j = 0; j < i; j++) gradient[next++] += weight * (_targetSlope[i] - _modelSlope[i]) * _noise[j];
        }
    }

    // ∂/∂logit_k of Σ_j w_j s_j with w = softmax(logits) is w_k (s_k − Σ_j w_j s_j).
    private static void AddWeights(MixtureDensity model, ReadOnlySpan<double> slopes, Span<double> gradient)
    {
        var mean = 0.0;
        for (var k = 0; k < slopes.Length; k++) mean += model.Weights[k] * slopes[k];
        for (var k = 0; k < slopes.Length; k++) gradient[k] += model.Weights[k] * (slopes[k] - mean);
    }
}
