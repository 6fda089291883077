using System.ComponentModel.DataAnnotations;
using KlCore.Estimation.Neighbours;

namespace KlCore.Estimation.Dependence;

/// <summary>
/// The mutual information of Kraskov, Stögbauer and Grassberger. First algorithm: psi(k) + psi(n) - mean(psi(a + 1) + psi(b + 1)), where a others are nearer in x, and b in y, than the k-th
/// neighbour of the pair is in the larger of both distances. Second: psi(k) - 1/k + psi(n) - mean(psi(a) + psi(b)), where a are at most as far in x as the farthest of the k
/// neighbours in x, and b in y likewise. Of a pair whose k-th neighbour lies at the same place the numbers of equal pairs, c, of equal x, a, and of equal y, b, itself included, count:
/// psi(c) + psi(n) - psi(a) - psi(b), which is right for discrete data and for mixtures.
/// </summary>
public sealed record NearestNeighbourInformation : MutualInformationEstimator
{
    /// <summary>Which neighbour is looked at; a larger k gives a smaller variance and more bias.</summary>
    [Range(1, 100)]
    public int K { get; init; } = 5;

    /// <summary>Which of both algorithms.</summary>
    public InformationVariant Variant { get; init; }

    /// <summary>Whether each coordinate is first divided by its standard deviation. Mutual information does not change by that, the estimate does a little: of coordinates in very different units it becomes better.</summary>
    public bool Standardize { get; init; }

    /// <inheritdoc/>
    public override EstimatorDescription Describe() => new(
        "I(x; y)", "ksg1: psi(k) + psi(n) - mean(psi(a+1) + psi(b+1)); ksg2: psi(k) - 1/k + psi(n) - mean(psi(a) + psi(b)); of pairs with k others at the same place psi(equal pairs) + psi(n) - psi(equal x) - psi(equal y)",
        "Nearly without bias where x and y are independent; too small where they depend strongly, because it cannot see more than about ln n. May be negative. Distances are the largest difference of a coordinate.",
        "Kraskov, Stoegbauer, Grassberger, Physical Review E 69 (2004), equations 8 and 9; of ties Gao, Kannan, Oh, Viswanath, NIPS (2017)")
    {
        FollowsUnit = true,
        WarnsOfNegative = true,
    };

    internal override void CheckSamples(PairedSample sample, Problems problems)
    {
        if (sample.Count <= K) problems.Add("x", $"must have more than k = {K} rows, had {sample.Count}");
    }

    internal override PooledStatistic Prepare(PairedSample sample, CancellationToken cancellation) => new InformationStatistic(this, sample);

    // The counts in x and y go through all that is within reach, of the order of the root of k n on a line.
    internal override double Work(int x, int y, int dimension) => 1.5 * NeighbourWork.OfTrees(x, 0, dimension, K) + x * (400 + (dimension == 2 ? 60 * Math.Log2(x + 2) : 12 * Math.Pow(x, 0.8)));

    internal override int LeastPoints(int dimension) => K + 2;

    internal override IEnumerable<string> Warnings(PairedSample sample)
    {
        var d = sample.X.Dimension + sample.Y.Dimension;
        if (sample.Count < 200) yield return $"Fewer than 200 pairs ({sample.Count}): the bias may be as large as the standard error.";
        if (d > 5) yield return $"{d} dimensions together: estimates by neighbours are too small in more than 5.";
    }
}

/// <summary>Which algorithm of Kraskov, Stögbauer and Grassberger.</summary>
public enum InformationVariant
{
    /// <summary>The first: one distance for x and y. Smaller variance.</summary>
    Ksg1,

    /// <summary>The second: one distance for each. Smaller bias in many dimensions.</summary>
    Ksg2,
}
