namespace KlCore.Estimation.Dependence;

/// <summary>The mutual information of the Gaussian with the pairs' covariance: (ln det S_x + ln det S_y - ln det S) / 2; of two numbers -ln(1 - r^2) / 2 with their correlation r.</summary>
public sealed record GaussianInformation : MutualInformationEstimator
{
    /// <inheritdoc/>
    public override EstimatorDescription Describe() => new(
        "I(x; y)", "(ln det S_x + ln det S_y - ln det S) / 2 of the sample covariances",
        "Right for Gaussians only: sees nothing but linear dependence. Too large by about d_x d_y / (2 n).", "Cover, Thomas, Elements of Information Theory (2006), 8.5")
    {
        FollowsUnit = true,
        IsNeverNegative = true,
    };

    internal override void CheckSamples(PairedSample sample, Problems problems)
    {
        var d = sample.X.Dimension + sample.Y.Dimension;
        if (sample.Count <= d) problems.Add("x", $"must have more than {d} rows, as many as both have coordinates, had {sample.Count}");
    }

    internal override PooledStatistic Prepare(PairedSample sample, CancellationToken cancellation)
    {
        int[] all = [.. Enumerable.Range(0, sample.Count)];
        var statistic = new Statistic(sample);
        if (double.IsNaN(statistic.Of(all, all, cancellation)))
            throw new NotComputableException("singular-covariance", "The covariance of x and y together cannot be inverted: a coordinate is constant, follows from others, or is too large for doubles.");
        return statistic;
    }

    internal override double Work(int x, int y, int dimension) => 2 * (10.0 + dimension) * dimension * x + 1000.0 * dimension * dimension * dimension;

    internal override int LeastPoints(int dimension) => dimension + 2;

    internal override ErrorMethod ErrorMethod => ErrorMethod.Jackknife;

    private sealed class Statistic(PairedSample sample) : PooledStatistic
    {
        public override bool IsShared => true;

        public override double Of(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation)
        {
            var (a, b) = (PairedSample.Gather(sample.X, x), PairedSample.Gather(sample.Y, y));
            var (dx, dy) = (sample.X.Dimension, sample.Y.Dimension);
            var joint = SampleMoments.LogDeterminant(PairedSample.Join(a, dx, b, dy), dx + dy, cancellation);
            var (ofX, ofY) = (SampleMoments.LogDeterminant(a, dx, cancellation), SampleMoments.LogDeterminant(b, dy, cancellation));
            // Of nearly independent pairs only rounding is left, which may be negative.
            return joint is null || ofX is null || ofY is null ? double.NaN : Math.Max(0, (ofX.Value + ofY.Value - joint.Value) / 2);
        }
    }
}
