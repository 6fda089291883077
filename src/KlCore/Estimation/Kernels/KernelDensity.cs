namespace KlCore.Estimation.Kernels;

/// <summary>
/// KL(p || q) by densities of Gaussian kernels: the mean over x of ln p^(x) - ln q^(x), where p^ is made of the other x (each point is left out of its own density) and q^ of y; or the known
/// density in its place.
/// </summary>
public sealed record KernelDensity : Estimator
{
    /// <summary>How wide the kernels are; each sample has its own width under a rule.</summary>
    public KernelBandwidth Bandwidth { get; init; } = new(KernelRule.Silverman);

    /// <inheritdoc/>
    public override EstimatorDescription Describe() => new(
        "KL(p || q)", "1/n sum (ln p^(x_i) - ln q^(x_i)) with Gaussian kernels; p^ leaves x_i out",
        "Smooth and of small variance in one to three dimensions; biased at edges of the support, where kernels reach beyond, and in more dimensions. Takes n (n + m) kernels. May be negative.",
        "Silverman, Density Estimation (1986), 3.4 and 4.3; Ahmad, Lin, IEEE Trans. Inform. Theory 22 (1976)")
    {
        FollowsUnit = true,
        WarnsOfNegative = true,
    };

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        Bandwidth.Check(problems.At("bandwidth"));
    }

    internal override SampleNeeds Needs => SampleNeeds.SampleOrDensity;

    internal override void CheckSamples(PooledSample sample, Problems problems)
    {
        var least = Bandwidth.Rule is null ? 1 : sample.Dimension + 1;
        if (sample.CountX <= least) problems.Add("x", $"must have more than {least} points, had {sample.CountX}");
        if (sample.LogDensities is null && sample.CountY < least) problems.Add("y", $"must have at least {least} points, had {sample.CountY}");
    }

    internal override PooledStatistic Prepare(PooledSample sample, CancellationToken cancellation) => new KernelStatistic(Bandwidth, sample, isEntropy: false, cancellation);

    internal override double Work(int x, int y, int dimension) => KernelStatistic.Work(Bandwidth, x, y, dimension);

    internal override double RepeatedWork(int x, int y, int dimension) => KernelStatistic.RepeatedWork(x, y, dimension);

    internal override int LeastPoints(int dimension) => dimension + 3;

    internal override IEnumerable<string> Warnings(PooledSample sample) => KernelWarnings.Of(sample);
}
