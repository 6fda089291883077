using System.ComponentModel.DataAnnotations;
using KlCore.Divergences;

namespace KlCore.Training.DensityFit;

/// <summary>
/// Amari's divergence 4/(1 − α²) · (1 − ∫ p^((1−α)/2) q^((1+α)/2) dx); KL(p‖q) at α = −1, KL(q‖p) at α = 1. The smaller α, the more it covers.
/// </summary>
public sealed record Amari : Objective
{
    /// <summary>α.</summary>
    [Range(-10, 10)]
    public required double Alpha { get; init; }

    private double Exponent => (1 - Alpha) / 2;

    internal override double StartWidth => Alpha < -1 ? 2 : base.StartWidth;

    internal override (Growth WherePExceeds, Growth WhereQExceeds) Growths => (Exponent == 1 ? Growth.Logarithm : Growth.Power(Exponent), Exponent == 0 ? Growth.Logarithm : Growth.Power(1 - Exponent));

    internal override double Value(double u) => PowerTerms.Value(Exponent, u);

    internal override double Slope(double u) => PowerTerms.Slope(Exponent, u);

    internal override double SlopeDerivative(double u) => PowerTerms.SlopeDerivative(Exponent, u);
}
