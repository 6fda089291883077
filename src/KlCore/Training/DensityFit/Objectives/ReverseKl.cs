using KlCore.Divergences;

namespace KlCore.Training.DensityFit;

/// <summary>KL(q‖p) = ∫ q ln(q/p) dx in nats, minimised over q: it seeks a mode, since q must not have mass where p has none.</summary>
public sealed record ReverseKl : Objective
{
    internal override (Growth WherePExceeds, Growth WhereQExceeds) Growths => (default, Growth.Logarithm);

    internal override double Value(double u) => PowerTerms.Value(0, u);

    internal override double Slope(double u) => PowerTerms.Slope(0, u);

    internal override double SlopeDerivative(double u) => PowerTerms.SlopeDerivative(0, u);
}
