using System.ComponentModel.DataAnnotations;
using KlCore.Divergences;
using KlCore.Numerics;

namespace KlCore.Training.DensityFit;

/// <summary>
/// Rényi's divergence ln ∫ pᵃ q¹⁻ᵃ dx / (a − 1) of order a, in nats; KL(p‖q) at a = 1. Small orders seek a mode, large ones cover.
/// Above 1 it is infinite where q has lighter tails than (1 − 1/a) times p's logarithm allows.
/// </summary>
public sealed record Renyi : Objective
{
    private const double Limit = 1e-7;

    /// <summary>a.</summary>
    [Range(0.01, 10)]
    public required double Order { get; init; }

    internal override (Growth WherePExceeds, Growth WhereQExceeds) Growths => Order == 1 ? (Growth.Logarithm, default) : (Growth.Power(Order), default);

    internal override double Value(double u) => PowerTerms.Value(Order, u);

    internal override double Slope(double u) => PowerTerms.Slope(Order, u);

    internal override double SlopeDerivative(double u) => PowerTerms.SlopeDerivative(Order, u);

    internal override double StartWidth => Order > 1 ? 2 : base.StartWidth;

    internal override double Outer(double divergence) =>
        Math.Abs(1 - Order) < Limit ? divergence : Math.Max(0, Elementary.Log1p(Overlap(divergence) - 1) / (Order - 1));

    internal override double OuterSlope(double divergence) => Math.Abs(1 - Order) < Limit ? 1 : Order / Overlap(divergence);

    // ∫ pᵃ q¹⁻ᵃ. An estimate of it by sampling may come out below zero; its logarithm must still exist.
    private double Overlap(double divergence) => Math.Max(1e-12, 1 - Order * (1 - Order) * divergence);
}
