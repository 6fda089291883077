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
/// regularization underflows, until the marginals are off by less than 1e-9 in total; the error bound is what is left of that times the
/// largest cost. If they do not get there the answer is a refusal and not a number. A regularization that can change less than 1e-10 of
/// the largest cost is left out, and the error bound says what it could change.
/// Source: M. Cuturi, NIPS (2013); J. Feydy et al., AISTATS (2019) for the divergence.
/// </summary>
public sealed record Sinkhorn : Divergence
{
    /// <summary>How many categories are taken.</summary>
    public const int MaximumPoints = 2048;

    /// <summary>In units where costs are near 1; more changes no digit of the plan, which is p x q.</summary>
    private const double Unbounded = 1e60;

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

    internal override Measurement Measure(Pair pair, CancellationToken cancellation)
    {
        Ground.RequireAtMost(MaximumPoints, pair, "Sinkhorn");
        var balanced = pair.Renormalised();
        var (points, exponent) = ScaledPoints.InUnit(pair.Positions);
        var scaled = new Scaled(balanced, Ground.Costs(points, Order), Math.Min(Math.ScaleB(Regularization, -Order * exponent), Unbounded), cancellation);
        var (value, errorBound) = IsNegligible(balanced, scaled) ? Unregularised(balanced, scaled, exponent) : Of(scaled);
        return new(Math.ScaleB(value, Order * exponent), Method.Estimate, Math.ScaleB(errorBound, Order * exponent));
    }

    private (double Value, double ErrorBound) Of(Scaled scaled)
    {
        ReadOnlySpan<double> p = scaled.Pair.P, q = scaled.Pair.Q;
        var between = scaled.Solve(p, q);
        if (Value == SinkhornValue.Cost) return (between.Cost, between.ErrorBound);
        if (Value == SinkhornValue.Objective) return (between.Objective, between.ErrorBound);
        if (p.SequenceEqual(q)) return (0, 0);
        var (within, others) = (scaled.SolveSymmetric(p), scaled.SolveSymmetric(q));
        var value = between.Objective - (within.Objective + others.Objective) / 2;
        return (Math.Max(0, value), between.ErrorBound + (within.ErrorBound + others.ErrorBound) / 2);
    }

    /// <summary>Whether the entropy can change so little that transport without it is as good an answer, and one that can be found.</summary>
    private static bool IsNegligible(Pair pair, Scaled scaled)
    {
        if (pair.Positions.Dimension() > 1 && pair.Count > Wasserstein.MaximumPoints) return false;
        return scaled.Regularization * MostEntropy(pair) <= EntropicTransport.Tolerance * scaled.Costs.Max();
    }

    /// <summary>
    /// W^order, below which neither cost nor objective is, and which they exceed by at most regularization KL(P || p x q) of the plan P
    /// that is best without entropy: at most the entropy of p, and that of q.
    /// </summary>
    private (double Value, double ErrorBound) Unregularised(Pair pair, Scaled scaled, int exponent)
    {
        var distance = Math.ScaleB(Wasserstein.Distance(pair, Order, scaled.Cancellation), -exponent);
        var value = Order == 1 ? distance : distance * distance;
        return (value, scaled.Regularization * MostEntropy(pair) + 1e-15 * value);
    }

    private static double MostEntropy(Pair pair)
    {
        var entropies = Entropies.Of(pair);
        return Math.Max(entropies.P, entropies.Q);
    }

    /// <summary>A problem whose positions are at most 1.</summary>
    private sealed record Scaled(Pair Pair, double[] Costs, double Regularization, CancellationToken Cancellation)
    {
        public EntropicTransport SolveSymmetric(ReadOnlySpan<double> p) => EntropicTransport.SolveSymmetric(p, Costs, Regularization, Cancellation);

        public EntropicTransport Solve(ReadOnlySpan<double> p, ReadOnlySpan<double> q) => EntropicTransport.Solve(p, q, Costs, Regularization, Cancellation);
    }
}
