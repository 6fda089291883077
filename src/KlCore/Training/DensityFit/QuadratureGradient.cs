using KlCore.Distributions;
using MathNet.Numerics.Integration;

namespace KlCore.Training.DensityFit;

/// <summary>
/// In one dimension: the integrals D = ∫ (p + q) Value(u) dx and ∂D/∂θ = ∫ (p + q) Slope(u) ∂ln q/∂θ dx by Gauss–Legendre quadrature with
/// 12 points on each of the panels that p and q ask for. Nothing is random; the error is far below that of a step.
/// </summary>
internal sealed class QuadratureGradient(Density target, Objective objective) : GradientEstimate
{
    private static readonly GaussLegendreRule Rule = new(-1, 1, 12);
    private static readonly double[] Nodes = Rule.Abscissas;
    private static readonly double[] Weights = Rule.Weights;

    private readonly List<Break> _breaks = [];
    private readonly List<double> _ends = [];

    public override double Evaluate(long step, MixtureDensity model, Span<double> gradient)
    {
        gradient.Clear();
        _breaks.Clear();
        target.AddBreaks(_breaks);
        model.AddBreaks(_breaks);
        Break.Merge(_breaks, _ends);
        // A model that has run away has no panels, and must not look like one without loss.
        if (!_breaks.TrueForAll(static end => double.IsFinite(end.At))) return double.NaN;
        var divergence = 0.0;
        for (var i = 1; i < _ends.Count; i++)
        {
            var (centre, half) = (0.5 * (_ends[i] + _ends[i - 1]), 0.5 * (_ends[i] - _ends[i - 1]));
            for (var j = 0; j < Nodes.Length; j++) divergence += AddNode(centre + half * Nodes[j], half * Weights[j], model, gradient);
        }

        return Outer(objective, divergence, gradient);
    }

    private double AddNode(double x, double weight, MixtureDensity model, Span<double> gradient)
    {
        var (logP, logQ) = (target.LogDensity(x), model.LogDensity(x));
        var mass = weight * (Math.Exp(logP) + Math.Exp(logQ));
        // Where both have underflowed nothing is left to be added, and u may be a difference of infinities.
        if (mass == 0) return 0;
        var u = logP - logQ;
        model.AddParameterGradient(logQ, mass * objective.Slope(u), gradient);
        return mass * objective.Value(u);
    }
}
