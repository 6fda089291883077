using System.ComponentModel.DataAnnotations;
using KlCore.Transport;

namespace KlCore.Divergences;

/// <summary>Which number of an entropic transport problem is meant.</summary>
public enum SinkhornValue
{
    /// <summary>The mean cost of the regularised plan: sum P C, what many libraries answer.</summary>
    Cost,

    /// <summary>The minimum itself: sum P C + regularization KL(P || p x q).</summary>
    Objective,

    /// <summary>The objective of (p, q) less the means of those of (p, p) and (q, q): 0 for p = q.</summary>
    Divergence,
}

/// <summary>
/// Entropic optimal transport: min over couplings P of sum P C + regularization KL(P || p x q) with C = |x - y|^order. In units of the
/// positions to the order, from 0; tends to W_order^order as the regularization tends to 0. Iterated in the log domain, where no
/// regularization underflows, until the marginals are off by less than 1e-10; the error bound is what is left of that times the largest cost. If they do
/// not get there the answer is a refusal and not a number.
/// Source: M. Cuturi, NIPS (2013); J. Feydy et al., AISTATS (2019) for the divergence.
/// </summary>
public sealed record Sinkhorn : Divergence
{
    /// <summary>How many categories are taken.</summary>
    public const int MaximumPoints = 2048;

    /// <summary>The weight of the entropy, in units of the cost.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Regularization { get; init; }

    /// <summary>The cost is the distance to this power, 1 or 2.</summary>
    [Range(1, 2)]
    public int Order { get; init; } = 1;

    /// <summary>Which number is answered.</summary>
    public SinkhornValue Value { get; init; } = SinkhornValue.Cost;

    /// <inheritdoc/>
    public override Description Describe() => new(
        "S_eps(p, q)", "sum P C with P = argmin over couplings of sum P C + regularization KL(P || p x q), C = |x - y|^order", "[0, Infinity)",
        "Optimal transport smoothed by entropy; value says whether the plan's cost, the objective or the debiased divergence is meant.",
        "Cuturi, NIPS (2013); Feydy et al., AISTATS (2019)")
    {
        IsSymmetric = true,
        UsesPositions = true,
    };

    internal override Measurement Measure(Pair pair)
    {
        Ground.RequireAtMost(MaximumPoints, pair, "Sinkhorn");
        var balanced = pair.Renormalised();
        var costs = Ground.Costs(pair.Positions, Order);
        var between = EntropicTransport.Solve(balanced.P, balanced.Q, costs, Regularization);
        if (Value == SinkhornValue.Cost) return Estimate(between.Cost, between.ErrorBound);
        if (Value == SinkhornValue.Objective) return Estimate(between.Objective, between.ErrorBound);
        var within = EntropicTransport.Solve(balanced.P, balanced.P, costs, Regularization);
        var others = EntropicTransport.Solve(balanced.Q, balanced.Q, costs, Regularization);
        return Estimate(
            Math.Max(0, between.Objective - (within.Objective + others.Objective) / 2),
            between.ErrorBound + (within.ErrorBound + others.ErrorBound) / 2);
    }

    private static Measurement Estimate(double value, double errorBound) => new(value, Method.Estimate, errorBound);
}
