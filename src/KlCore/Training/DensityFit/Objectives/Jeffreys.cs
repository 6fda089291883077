using KlCore.Divergences;

namespace KlCore.Training.DensityFit;

/// <summary>KL(p‖q) + KL(q‖p) in nats, not halved.</summary>
public sealed record Jeffreys : Objective
{
    internal override (Growth WherePExceeds, Growth WhereQExceeds) Growths => (Growth.Logarithm, Growth.Logarithm);

    internal override double Value(double u) => PowerTerms.Value(1, u) + PowerTerms.Value(0, u);

    internal override double Slope(double u) => PowerTerms.Slope(1, u) + PowerTerms.Slope(0, u);

    internal override double SlopeDerivative(double u) => PowerTerms.SlopeDerivative(1, u) + PowerTerms.SlopeDerivative(0, u);
}
