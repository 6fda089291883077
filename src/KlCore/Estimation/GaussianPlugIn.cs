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
    };

    internal override void CheckSamples(PooledSample sample, Problems problems)
    {
        if (sample.CountX <= sample.Dimension) problems.Add("x", $"must have more than {sample.Dimension} points, had {sample.CountX}");
        if (sample.CountY <= sample.Dimension) problems.Add("y", $"must have more than {sample.Dimension} points, had {sample.CountY}");
    }

    internal override PooledStatistic Prepare(PooledSample sample, CancellationToken cancellation) => throw new NotSupportedException();

    internal override double Work(int x, int y, int dimension) => (double)dimension * dimension * (x + y + dimension);
}
