namespace KlCore.Estimation.Entropies;

/// <summary>The entropy of the Gaussian with the sample's covariance (divided by n - 1): ln det(2 pi e S) / 2.</summary>
public sealed record GaussianEntropy : EntropyEstimator
{
    /// <inheritdoc/>
    public override EstimatorDescription Describe() => new(
        "h(p)", "ln det(2 pi e S) / 2 of the sample covariance",
        "Right for Gaussians only, of which it is too small by about d (d + 3)/(4 n); for any other distribution of that covariance too large.", "Cover, Thomas, Elements of Information Theory (2006), 8.4")
    {
        FollowsUnit = true,
        HasPermutationTest = false,
    };

    internal override void CheckSamples(PooledSample sample, Problems problems)
    {
        if (sample.CountX <= sample.Dimension) problems.Add("x", $"must have more than {sample.Dimension} points, had {sample.CountX}");
    }

    internal override PooledStatistic Prepare(PooledSample sample, CancellationToken cancellation)
    {
        if (SampleMoments.LogDeterminant(sample.Coordinates, sample.Dimension, cancellation) is null)
            throw new NotComputableException("singular-covariance", "The covariance of x cannot be inverted: a coordinate is constant, follows from others, or is too large for doubles.");
        return new Statistic(sample);
    }

    internal override double Work(int x, int y, int dimension) => (10.0 + dimension) * dimension * x + 500.0 * dimension * dimension * dimension;

    internal override int LeastPoints(int dimension) => dimension + 2;

    internal override ErrorMethod ErrorMethod => ErrorMethod.Jackknife;

    private sealed class Statistic(PooledSample sample) : PooledStatistic
    {
        private static readonly double PerDimension = Math.Log(2 * Math.PI * Math.E);

        public override bool IsShared => true;

        public override double Of(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation) =>
            SampleMoments.LogDeterminant(sample.Gather(x), sample.Dimension, cancellation) is { } logDeterminant ? (sample.Dimension * PerDimension + logDeterminant) / 2 : double.NaN;
    }
}
