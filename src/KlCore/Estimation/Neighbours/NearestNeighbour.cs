using System.ComponentModel.DataAnnotations;

namespace KlCore.Estimation.Neighbours;

/// <summary>
/// KL(p || q) from how much farther the neighbours of each x are in y than in x: d/n sum ln(nu_k(i) / rho_k(i)) + ln(m / (n - 1)), with rho_k(i) the distance of x_i to its k-th
/// neighbour among the other x and nu_k(i) that to its k-th neighbour among y. Exact distances, in any number of dimensions.
/// </summary>
public sealed record NearestNeighbour : Estimator
{
    /// <summary>Which neighbour is looked at; a larger k gives a smaller variance and more bias.</summary>
    [Range(1, 100)]
    public int K { get; init; } = 5;

    /// <summary>Which estimate is made of the distances.</summary>
    public NeighbourVariant Variant { get; init; }

    /// <summary>How far two points are apart; the estimates of different metrics differ by less than their errors.</summary>
    public NeighbourMetric Metric { get; init; }

    /// <summary>What becomes of points whose k-th neighbour lies at the same place, so that the logarithm of its distance is infinite.</summary>
    public TiePolicy Ties { get; init; }

    /// <inheritdoc/>
    public override EstimatorDescription Describe() => new(
        "KL(p || q)",
        "wang, perez-cruz: d/n sum ln(nu_k(i)/rho_k(i)) + ln(m/(n-1)); bias-reduced: d/n sum ln(nu_b(i)/rho_a(i)) + 1/n sum (psi(a(i)) - psi(b(i))) + ln(m/(n-1)), where a(i) of x and b(i) of y lie within max(rho_k(i), nu_k(i))",
        "Consistent for fixed k, in any dimension; may be negative. Too small where the divergence or the dimension is large: by a third for d = 10 and n = 1000. Where the density q is known instead of y: mean(psi(k) - ln((n-1) V_d rho_k(i)^d) - ln q(x_i)), of half the variance. The names wang and perez-cruz stand for one formula, published twice.",
        "Wang, Kulkarni, Verdu, IEEE Trans. Inform. Theory 55 (2009), equations 5 and 29; Perez-Cruz, ISIT 2008")
    {
        FollowsUnit = true,
        WarnsOfNegative = true,
    };

    internal override SampleNeeds Needs => SampleNeeds.SampleOrDensity;

    internal override void CheckSamples(PooledSample sample, Problems problems)
    {
        if (sample.LogDensities is not null && Variant == NeighbourVariant.BiasReduced) problems.Add("q", "must be given by points y for the variant bias-reduced");
        if (sample.CountX <= K) problems.Add("x", $"must have more than k = {K} points, had {sample.CountX}");
        if (sample.LogDensities is null && sample.CountY < K) problems.Add("y", $"must have at least k = {K} points, had {sample.CountY}");
    }

    internal override PooledStatistic Prepare(PooledSample sample, CancellationToken cancellation) => sample.LogDensities is null
        ? NeighbourStatistic.Prepare(this, sample, cancellation)
        : LogNeighbourDistances.Prepare(sample, K, Metric, Ties, cancellation);

    internal override double Work(int x, int y, int dimension) => NeighbourWork.OfTrees(x, y, dimension, K) * (Variant == NeighbourVariant.BiasReduced ? 3 : 1);

    internal override double RepeatedWork(int x, int y, int dimension) =>
        Variant != NeighbourVariant.BiasReduced && NeighbourLists.LengthFor(x, y, K) > 0 ? NeighbourWork.OfLists(x) : Work(x, y, dimension);

    internal override int LeastPoints(int dimension) => K + 2;

    // Of a smooth mean of local terms: seen to hold more often than subsampling does, whose parts are of another bias.
    internal override ErrorMethod ErrorMethod => ErrorMethod.Jackknife;

    internal override IEnumerable<string> Warnings(PooledSample sample) => NeighbourWarnings.Of(sample);
}

/// <summary>What is made of the distances to neighbours.</summary>
public enum NeighbourVariant
{
    /// <summary>Wang, Kulkarni and Verdu's equation 5: the same k among x and y.</summary>
    Wang,

    /// <summary>Perez-Cruz's, which is the same formula.</summary>
    PerezCruz,

    /// <summary>Wang, Kulkarni and Verdu's equation 29: within the same distance among x and y, which makes the bias smaller in five dimensions and more, and the variance larger.</summary>
    BiasReduced,
}

/// <summary>What becomes of points at the same place.</summary>
public enum TiePolicy
{
    /// <summary>They are refused, with the place of the first.</summary>
    Error,

    /// <summary>The mean is taken over the other points, with a warning.</summary>
    Skip,
}
