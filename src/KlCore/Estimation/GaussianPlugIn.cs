using KlCore.Distributions;

namespace KlCore.Estimation;

/// <summary>KL(N(m, S) || N(n, T)) of the Gaussians with the samples' means and covariances (divided by n - 1).</summary>
public sealed record GaussianPlugIn : Estimator
{
    /// <inheritdoc/>
    public override EstimatorDescription Describe() => new(
        "KL(p || q)", "KL(N(m, S) || N(n, T)) of the sample moments",
        "Right for Gaussians only; too large by about d (d + 3)/4 (1/n + 1/m).", "Kullback, Information Theory and Statistics (1959), chapter 9")
    {
        FollowsUnit = true,
        IsNeverNegative = true,
    };

    internal override void CheckSamples(PooledSample sample, Problems problems)
    {
        if (sample.CountX <= sample.Dimension) problems.Add("x", $"must have more than {sample.Dimension} points, had {sample.CountX}");
        if (sample.CountY <= sample.Dimension) problems.Add("y", $"must have more than {sample.Dimension} points, had {sample.CountY}");
    }

    internal override PooledStatistic Prepare(PooledSample sample, CancellationToken cancellation)
    {
        var problems = new Problems();
        var d = sample.Dimension;
        var p = SampleMoments.Of(sample.Coordinates.AsSpan(0, sample.CountX * d), d);
        var q = SampleMoments.Of(sample.Coordinates.AsSpan(sample.CountX * d), d);
        if (GaussianPair.TryFrom(p, q, problems, cancellation) is not null) return new Statistic(sample);
        var names = problems.ByPointer().Keys.Select(pointer => pointer.Split('/')[1] == "p" ? "x" : "y").Distinct();
        throw new NotComputableException("singular-covariance", $"The covariance of {string.Join(" and of ", names)} cannot be inverted: a coordinate is constant, follows from others, or is too large for doubles.");
    }

    // The factors are precise ones, of some hundred multiplications for each element.
    internal override double Work(int x, int y, int dimension) => (10.0 + dimension) * dimension * ((double)x + y) + 500.0 * dimension * dimension * dimension;

    internal override int LeastPoints(int dimension) => dimension + 2;

    // The statistic is smooth in its moments, and leaving groups out needs no rescaling of a bias that falls with n.
    internal override ErrorMethod ErrorMethod => ErrorMethod.Jackknife;

    internal override IEnumerable<string> Warnings(PooledSample sample)
    {
        var d = sample.Dimension;
        var bias = d * (d + 3) / 4.0 * (1.0 / sample.CountX + 1.0 / sample.CountY);
        if (bias > 0.05) yield return FormattableString.Invariant($"For so few points of {d} coordinates the estimate is expected to be too large by about {bias:G2} nats, even for Gaussians.");
    }

    private sealed class Statistic(PooledSample sample) : PooledStatistic
    {
        public override bool IsShared => true;

        public override double Of(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation)
        {
            var (p, q) = (SampleMoments.Of(sample.Gather(x), sample.Dimension), SampleMoments.Of(sample.Gather(y), sample.Dimension));
            return GaussianPair.TryFrom(p, q, new Problems(), cancellation)?.KullbackLeibler() ?? double.NaN;
        }
    }
}
