using System.ComponentModel.DataAnnotations;
using KlCore.Divergences;
using KlCore.Transport;

namespace KlCore.Estimation.Distances;

/// <summary>
/// Entropic optimal transport between two samples: min over couplings P of sum P C + regularization KL(P || p x q) with C = |x - y|^order, of the empirical
/// distributions. By default the debiased divergence: the minimum less the means of those of (p, p) and (q, q), which is 0 for equal samples.
/// In units of the coordinates to the order. The details tell how far the marginals are off; what does not converge is refused.
/// Source: A. Genevay, G. Peyré and M. Cuturi, AISTATS (2018); J. Feydy et al., AISTATS (2019).
/// </summary>
public sealed record Sinkhorn : Estimator
{
    /// <summary>The weight of the entropy, in units of the cost.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Regularization { get; init; }

    /// <summary>The cost is the distance to this power, 1 or 2.</summary>
    [Range(1, 2)]
    public int Order { get; init; } = 1;

    /// <summary>Which number is answered.</summary>
    public SinkhornValue Value { get; init; } = SinkhornValue.Divergence;

    /// <inheritdoc/>
    public override EstimatorDescription Describe() => new(
        "S_eps(p, q)", "OT_eps(p, q) - (OT_eps(p, p) + OT_eps(q, q))/2 of the empirical distributions, OT_eps = min of sum P C + eps KL(P || p x q), C = |x - y|^order",
        "Between the Wasserstein distance (little regularization) and a maximum mean discrepancy (much); its bias falls as n^(-1/2) in any dimension. value: cost or objective leave out the debiasing.",
        "Genevay, Peyre and Cuturi, AISTATS (2018); Feydy et al., AISTATS (2019)")
    {
        IsNeverNegative = true,
    };

    internal override PooledStatistic Prepare(PooledSample sample, CancellationToken cancellation)
    {
        var most = Math.Max(sample.CountX, sample.CountY);
        if (Value == SinkhornValue.Divergence) PlanSize.Require(most, most);
        else PlanSize.Require(sample.CountX, sample.CountY);
        return new PlanStatistic(sample, Order, Solve);
    }

    internal override double Work(int x, int y, int dimension)
    {
        double n = x, m = y;
        return (Value == SinkhornValue.Divergence ? n * m + n * n + m * m : n * m) * (dimension + PlanSize.EntropicWork);
    }

    internal override int LeastPoints(int dimension) => 1;

    private PlanValue Solve(PointCosts points, CancellationToken cancellation)
    {
        var (x, y) = (new double[points.CountX], new double[points.CountY]);
        Array.Fill(x, 1.0 / x.Length);
        Array.Fill(y, 1.0 / y.Length);
        var regularization = points.Scaled(Regularization);
        var between = EntropicTransport.Solve(x, y, points.Between(cancellation), regularization, cancellation);
        if (Value == SinkhornValue.Cost) return Tell(points, between.Cost, between.ErrorBound, between.MarginalError);
        if (Value == SinkhornValue.Objective) return Tell(points, between.Objective, between.ErrorBound, between.MarginalError);
        var within = EntropicTransport.SolveSymmetric(x, points.OfX(cancellation), regularization, cancellation);
        var others = EntropicTransport.SolveSymmetric(y, points.OfY(cancellation), regularization, cancellation);
        return Tell(
            points,
            Math.Max(0, between.Objective - (within.Objective + others.Objective) / 2),
            between.ErrorBound + (within.ErrorBound + others.ErrorBound) / 2,
            Math.Max(between.MarginalError, Math.Max(within.MarginalError, others.MarginalError)));
    }

    private static PlanValue Tell(PointCosts points, double value, double errorBound, double marginalError) => new(
        points.Cost(value), new() { ["errorBound"] = points.Cost(errorBound), ["marginalError"] = marginalError, ["converged"] = 1 });
}
