using KlCore.Estimation.Kernels;

namespace KlCore.Estimation.Entropies;

/// <summary>The mean over the points of -ln of a density of Gaussian kernels around the others.</summary>
public sealed record KernelEntropy : EntropyEstimator
{
    /// <summary>How wide the kernels are.</summary>
    public KernelBandwidth Bandwidth { get; init; } = new(KernelRule.Silverman);

    /// <inheritdoc/>
    public override EstimatorDescription Describe() => new(
        "h(p)", "-1/n sum ln p^(x_i) with Gaussian kernels; p^ leaves x_i out",
        "The differential entropy, too large where kernels are wider than what the density has of detail. For one to three dimensions; takes n^2 kernels.",
        "Silverman, Density Estimation (1986), 3.4; Ahmad, Lin, IEEE Trans. Inform. Theory 22 (1976)")
    {
        FollowsUnit = true,
        HasPermutationTest = false,
    };

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        Bandwidth.Check(problems.At("bandwidth"));
    }

    internal override void CheckSamples(PooledSample sample, Problems problems)
    {
        var least = Bandwidth.Rule is null ? 1 : sample.Dimension + 1;
        if (sample.CountX <= least) problems.Add("x", $"must have more than {least} points, had {sample.CountX}");
    }

    internal override PooledStatistic Prepare(PooledSample sample, CancellationToken cancellation) => new KernelStatistic(Bandwidth, sample, isEntropy: true, cancellation);

    internal override double Work(int x, int y, int dimension) => KernelStatistic.Work(Bandwidth, x, 0, dimension);

    internal override double RepeatedWork(int x, int y, int dimension) => KernelStatistic.RepeatedWork(x, 0, dimension);

    internal override int LeastPoints(int dimension) => dimension + 3;

    internal override IEnumerable<string> Warnings(PooledSample sample) => KernelWarnings.Of(sample);
}
