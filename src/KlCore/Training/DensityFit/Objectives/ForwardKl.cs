using KlCore.Divergences;

namespace KlCore.Training.DensityFit;

/// <summary>
/// KL(p‖q) = ∫ p ln(p/q) dx in nats, minimised over q: it covers, since q must have mass wherever p has. From samples of p it is maximum
/// likelihood: the loss is then the mean of −ln q over the samples, which differs from KL(p‖q) by the entropy of p, which does not depend on q.
/// </summary>
public sealed record ForwardKl : Objective
{
    internal override bool IsLikelihood => true;

    internal override (Growth WherePExceeds, Growth WhereQExceeds) Growths => (Growth.Logarithm, default);

    internal override double Value(double u) => PowerTerms.Value(1, u);

    internal override double Slope(double u) => PowerTerms.Slope(1, u);

    internal override double SlopeDerivative(double u) => PowerTerms.SlopeDerivative(1, u);
}
