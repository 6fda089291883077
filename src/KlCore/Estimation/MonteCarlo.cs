using System.Text.Json.Serialization;
using KlCore.Distributions;
using KlCore.Numerics;

namespace KlCore.Estimation;

/// <summary>
/// KL(p || q) of two known distributions from points x drawn from p: the mean of a term of d = ln p(x) - ln q(x). Its standard error is that of a mean of independent terms.
/// </summary>
public sealed record MonteCarlo : Estimator
{
    /// <summary>The distribution that x was drawn from.</summary>
    public required Distribution P { get; init; }

    /// <summary>The other; by default the request's own <c>q</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Distribution? Q { get; init; }

    /// <summary>Which term.</summary>
    public MonteCarloKind Kind { get; init; }

    /// <inheritdoc/>
    public override EstimatorDescription Describe() => new(
        "KL(p || q)", "k1: mean d; k2: mean d^2/2; k3: mean (e^-d - 1 + d); d = ln p(x) - ln q(x)",
        "k1 is without bias and may be negative; k2 is biased but for near distributions, of small variance; k3 is without bias and never negative, of infinite variance where q has much heavier tails than p.",
        "Schulman, Approximating KL Divergence (2020)")
    {
        FollowsUnit = true,
        HasPermutationTest = false,
        WarnsOfNegative = true,
    };

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        P.Check(problems.At("p"));
        Q?.Check(problems.At("q"));
        if (Q is not null && Q.Describe().IsDiscrete != P.Describe().IsDiscrete) problems.Add("q", "must give probabilities or be a density, whichever p does");
    }

    internal override SampleNeeds Needs => SampleNeeds.Density;

    internal override void CheckSamples(PooledSample sample, Problems problems)
    {
        if (P.Dimension() != sample.Dimension) problems.Add("x", $"must have points of {P.Dimension()} coordinates as p of monte-carlo has, had {sample.Dimension}");
        else if (Q is not null && Q.Dimension() != sample.Dimension) problems.Add("x", $"must have points of {Q.Dimension()} coordinates as q of monte-carlo has, had {sample.Dimension}");
        else if (Q is null && sample.LogDensities is null) problems.Add("q", "is required: the density that monte-carlo compares p with, here or in the estimator");
        else if (Array.FindIndex(P.LogDensities(PointsOf(sample)), double.IsNegativeInfinity) is >= 0 and var outside) problems.At("x").At(outside).Add("must be possible under p of monte-carlo, from which x was drawn");
    }

    internal override PooledStatistic Prepare(PooledSample sample, CancellationToken cancellation)
    {
        var points = PointsOf(sample);
        var (logP, logQ) = (P.LogDensities(points), Q?.LogDensities(points) ?? sample.LogDensities!);
        return new Statistic(Array.ConvertAll([.. logP.Zip(logQ, (p, q) => p - q)], Term));
    }

    internal override double Work(int x, int y, int dimension) => 200.0 * dimension * x;

    private static Points PointsOf(PooledSample sample) => new(sample.Coordinates[..(sample.CountX * sample.Dimension)], sample.Dimension, plain: sample.Dimension == 1);

    private double Term(double d) => Kind switch
    {
        MonteCarloKind.K1 => d,
        MonteCarloKind.K2 => d * d / 2,
        // e^-d - 1 + d: for small d the terms cancel to d^2/2.
        _ => double.IsPositiveInfinity(d) ? d : Math.Abs(d) < 1e-2 ? d * d * (0.5 - d * (1.0 / 6 - d * (1.0 / 24 - d * (1.0 / 120 - d / 720)))) : Elementary.Expm1(-d) + d,
    };

    private sealed class Statistic(double[] terms) : PooledStatistic
    {
        public override bool IsShared => true;

        public override double Of(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation)
        {
            CompensatedSum sum = default;
            foreach (var place in x) sum.Add(terms[place]);
            return sum.Value / x.Length;
        }

        public override double? StandardError(CancellationToken cancellation) => Measurement.MeanOf(terms).StandardError;
    }
}

/// <summary>Which term of d = ln p(x) - ln q(x) is averaged.</summary>
public enum MonteCarloKind
{
    /// <summary>d.</summary>
    K1,

    /// <summary>d^2/2.</summary>
    K2,

    /// <summary>e^-d - 1 + d.</summary>
    K3,
}
