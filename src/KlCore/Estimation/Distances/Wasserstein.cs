using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using KlCore.Transport;

namespace KlCore.Estimation.Distances;

/// <summary>How the best coupling of points in several dimensions is found.</summary>
public enum TransportMethod
{
    /// <summary>Exactly: that is as fast as an approximation for as many pairs of points as fit into memory.</summary>
    Auto,

    /// <summary>By the network simplex.</summary>
    Exact,

    /// <summary>The cost of the plan that entropy smooths, which is above the exact one; it has to be named, with its regularization.</summary>
    Sinkhorn,
}

/// <summary>
/// W_k(p, q) = (min over couplings of the mean of |x - y|^k)^(1/k) of the empirical distributions: on a line by sorting, for any sizes; in several
/// dimensions by the network simplex or, if asked for, by Sinkhorn's iteration. In units of the coordinates, from 0, never infinite. The details tell by how
/// much the plan may be too costly (<c>errorBound</c>, of the mean of |x - y|^k) or, of Sinkhorn's, its regularization and how far its marginals are off; one that does not
/// converge is refused. Source: G. Peyré and M. Cuturi, Computational Optimal Transport (2019), chapters 2 to 4.
/// </summary>
public sealed record Wasserstein : Estimator
{
    /// <summary>k, at least 1.</summary>
    [Range(1.0, double.MaxValue)]
    public double Order { get; init; } = 1;

    /// <summary>How the coupling is found; on a line auto and exact mean sorting.</summary>
    public TransportMethod Method { get; init; }

    /// <summary>The weight of the entropy in units of |x - y|^k, for <see cref="TransportMethod.Sinkhorn"/> alone.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Regularization { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        if (Method == TransportMethod.Sinkhorn && Regularization is null) problems.Add("regularization", "must be given for the method sinkhorn");
        if (Method != TransportMethod.Sinkhorn && Regularization is not null) problems.Add("regularization", "must not be given unless the method is sinkhorn");
    }

    /// <inheritdoc/>
    public override EstimatorDescription Describe() => new(
        "W_k(p, q)", "(min over couplings of the mean of |x - y|^k)^(1/k) of the empirical distributions",
        "Too large: on a line by the order of n^(-1/2), in d > 2 dimensions of n^(-1/d) where the distributions are equal. Parts of the sample tell its error, not its bias.",
        "Peyre and Cuturi, Computational Optimal Transport (2019)")
    {
        IsNeverNegative = true,
    };

    internal override PooledStatistic Prepare(PooledSample sample, CancellationToken cancellation)
    {
        if (sample.Dimension > 1 || Method == TransportMethod.Sinkhorn)
        {
            PlanSize.Require(sample.CountX, sample.CountY);
            return new PlanStatistic(sample, Order, Method == TransportMethod.Sinkhorn ? Entropic : Exact);
        }

        return new RankStatistic(sample, counts => SampleTransport.OfCounts(counts.Values, counts.X, counts.Y, counts.CountX, counts.CountY, Order) * counts.Unit)
        {
            Whole = () => SampleTransport.Distance(sample.Coordinates[..sample.CountX], sample.Coordinates[sample.CountX..], Order),
        };
    }

    internal override double Work(int x, int y, int dimension) =>
        dimension == 1 && Method != TransportMethod.Sinkhorn ? 20.0 * (x + y) : (double)x * y * (dimension + (Method == TransportMethod.Sinkhorn ? PlanSize.EntropicWork : PlanSize.ExactWork(x, y)));

    internal override int LeastPoints(int dimension) => 1;

    internal override IEnumerable<string> Warnings(PooledSample sample)
    {
        if (sample.Dimension > 3)
            yield return $"In {sample.Dimension} dimensions the distance of samples is far above that of their distributions, whatever their sizes; compare it with its values under permutation.";
    }

    /// <summary>With whole numbers as masses, as many for each point as the other sample has points, nothing is rounded.</summary>
    private static PlanValue Exact(PointCosts points, CancellationToken cancellation)
    {
        var (x, y) = (new double[points.CountX], new double[points.CountY]);
        Array.Fill(x, points.CountX == points.CountY ? 1 : points.CountY);
        Array.Fill(y, points.CountX == points.CountY ? 1 : points.CountX);
        var total = x[0] * x.Length;
        var plan = ExactTransport.Solve(x, y, points.Between(cancellation), cancellation);
        return new(points.Distance(plan.Cost / total), new() { ["errorBound"] = points.Cost(plan.ErrorBound / total) });
    }

    private PlanValue Entropic(PointCosts points, CancellationToken cancellation)
    {
        var (x, y) = (new double[points.CountX], new double[points.CountY]);
        Array.Fill(x, 1.0 / x.Length);
        Array.Fill(y, 1.0 / y.Length);
        var plan = EntropicTransport.Solve(x, y, points.Between(cancellation), points.Scaled(Regularization!.Value), cancellation);
        return new(points.Distance(plan.Cost), new()
        {
            ["regularization"] = Regularization.Value,
            ["marginalError"] = plan.MarginalError,
            ["converged"] = 1,
            ["errorBound"] = points.Cost(plan.ErrorBound),
        });
    }
}

/// <summary>How large plans may be, and what they cost.</summary>
internal static class PlanSize
{
    /// <summary>Multiplications for each pair of points that an entropic plan takes, in some hundred iterations.</summary>
    public const double EntropicWork = 200;

    /// <summary>The same of an exact one: measured, and growing with the number of points.</summary>
    public static double ExactWork(int x, int y) => 30 * (1 + (x + y) / 6000.0);

    /// <summary>Refuses what does not fit into memory.</summary>
    public static void Require(int x, int y)
    {
        if ((double)x * y > ExactTransport.MostCosts)
            throw new TooCostlyException($"A plan between points in several dimensions takes at most {ExactTransport.MostCosts} pairs of points, there were {(double)x * y:R}; sliced-wasserstein takes any number.");
    }
}
