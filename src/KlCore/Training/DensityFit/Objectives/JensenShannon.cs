using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Training.DensityFit;

/// <summary>w KL(p‖m) + (1 − w) KL(q‖m) with m = w p + (1 − w) q, in nats; at most ln 2 for w = ½.</summary>
public sealed record JensenShannon : Objective
{
    /// <summary>w, the weight of p.</summary>
    [Range(0, 1, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double Weight { get; init; } = 0.5;

    // With a = ln(p/m) and b = ln(q/m) the linear parts of both terms cancel, and what is left is not negative:
    // w p (e^−a − 1 + a) + (1 − w) q (e^−b − 1 + b).
    internal override double Value(double u)
    {
        var (s, t) = (Logistic.Of(u), Logistic.Of(-u));
        var (a, b) = (u - LogMixture(u), -LogMixture(u));
        if (Math.Abs(u) < 0.5) return Weight * s * Logistic.ExponentialTail(-a) + (1 - Weight) * t * Logistic.ExponentialTail(-b);
        return Math.Max(0, Weight * s * a + (1 - Weight) * t * b);
    }

    internal override double Slope(double u) => -(1 - Weight) * Logistic.Of(-u) * LogMixture(u);

    internal override double SlopeDerivative(double u)
    {
        var t = Logistic.Of(-u);
        var share = Logistic.Of(u + Math.Log(Weight / (1 - Weight)));
        return -(1 - Weight) * t * share - Logistic.Of(u) * Slope(u);
    }

    // ln(m/q) = ln(w eᵘ + 1 − w).
    private double LogMixture(double u) => Math.Abs(u) < 0.5
        ? Elementary.Log1p(Weight * (Logistic.ExponentialTail(u) + u))
        : Math.Log(1 - Weight) + Logistic.Softplus(u + Math.Log(Weight / (1 - Weight)));
}
