using System.ComponentModel.DataAnnotations;

namespace KlCore.Estimation.Classification;

/// <summary>
/// KL(p || q) by a classifier that tells x from y: its log odds are an estimate of ln(n p/(m q)). A logistic regression with the penalty lambda |w|^2/2 on standardised features is fitted to
/// all folds but one, and asked on the x of that one; the estimate is the mean of its log odds + ln(m/n).
/// </summary>
public sealed record ClassifierRatio : Estimator
{
    /// <summary>What the log odds are linear in.</summary>
    public ClassifierFeatures Features { get; init; } = ClassifierFeatures.Quadratic;

    /// <summary>In how many parts the points are cut; each is asked by a classifier that has not seen it.</summary>
    [Range(2, 20)]
    public int Folds { get; init; } = 5;

    /// <summary>lambda, the weight of the penalty beside the sum of log losses.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double Regularization { get; init; } = 1;

    /// <inheritdoc/>
    public override EstimatorDescription Describe() => new(
        "KL(p || q)", "mean over x of the cross-fitted log odds + ln(m/n)",
        "As good as the features: with quadratic ones right for Gaussians, and of small variance in many dimensions, where neighbours are far. What they cannot express is missing. May be negative.",
        "Sugiyama, Suzuki, Kanamori, Density Ratio Estimation in Machine Learning (2012), chapter 4")
    {
        FollowsUnit = true,
        WarnsOfNegative = true,
    };

    internal override void CheckSamples(PooledSample sample, Problems problems)
    {
        if (sample.CountX < 2 * Folds) problems.Add("x", $"must have at least two points for each of {Folds} folds, had {sample.CountX}");
        if (sample.CountY < 2 * Folds) problems.Add("y", $"must have at least two points for each of {Folds} folds, had {sample.CountY}");
        if (Width(sample.Dimension) > 500) problems.Add("x", $"must have at most 500 features for a classifier, had {Width(sample.Dimension)} of {sample.Dimension} coordinates{(Features == ClassifierFeatures.Linear ? "" : "; let features be linear")}");
    }

    internal override PooledStatistic Prepare(PooledSample sample, CancellationToken cancellation) => new Statistic(this, sample);

    // About ten steps of Newton for each fold.
    internal override double Work(int x, int y, int dimension) => 10.0 * Folds * ((double)x + y) * (20 + Width(dimension) * (Width(dimension) + 4.0));

    internal override int LeastPoints(int dimension) => 2 * Folds;

    internal override ErrorMethod ErrorMethod => ErrorMethod.Jackknife;

    internal override IEnumerable<string> Warnings(PooledSample sample)
    {
        var width = Width(sample.Dimension);
        if (Math.Min(sample.CountX, sample.CountY) < 10 * width) yield return $"The classifier has {width} features and fewer than ten times as many points of a sample: its odds are uncertain, and the estimate tends to be too small.";
    }

    private int Width(int dimension) => Features == ClassifierFeatures.Linear ? dimension : dimension + dimension * (dimension + 1) / 2;

    private sealed class Statistic(ClassifierRatio estimator, PooledSample sample) : PooledStatistic
    {
        public override bool IsShared => true;

        public override double Of(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation)
        {
            var points = new FeatureRows(sample, x, y, estimator.Features == ClassifierFeatures.Quadratic, estimator.Folds);
            Numerics.CompensatedSum sum = default;
            for (var fold = 0; fold < estimator.Folds; fold++)
            {
                cancellation.ThrowIfCancellationRequested();
                var weights = LogisticFit.Of(points, fold, estimator.Regularization, cancellation);
                // What the share of x among the points of the fit adds to the odds is taken away again.
                var prior = Math.Log((double)points.CountOutside(fold, ofX: true) / points.CountOutside(fold, ofX: false));
                for (var i = 0; i < x.Length; i++)
                    if (points.Fold(i) == fold) sum.Add(LogisticFit.LogOdds(points.Row(i), weights) - prior);
            }

            return sum.Value / x.Length;
        }
    }
}

/// <summary>What a classifier's log odds are linear in.</summary>
public enum ClassifierFeatures
{
    /// <summary>The coordinates.</summary>
    Linear,

    /// <summary>The coordinates and all products of two of them.</summary>
    Quadratic,
}
