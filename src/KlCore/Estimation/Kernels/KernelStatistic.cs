namespace KlCore.Estimation.Kernels;

/// <summary>Mean logarithms of densities of Gaussian kernels: an entropy, or the divergence from a second sample or a known density.</summary>
internal sealed class KernelStatistic : PooledStatistic
{
    private readonly KernelBandwidth _bandwidth;
    private readonly PooledSample _sample;
    private readonly bool _isEntropy;
    private readonly double _factorOfX;
    private readonly double? _factorOfY;

    /// <summary>Finds the widths for all points; a chosen one is kept for selections, as it would be with their number of points.</summary>
    public KernelStatistic(KernelBandwidth bandwidth, PooledSample sample, bool isEntropy, CancellationToken cancellation)
    {
        (_bandwidth, _sample, _isEntropy) = (bandwidth, sample, isEntropy);
        var d = sample.Dimension;
        _factorOfX = Require(KernelCloud.Of(sample.Coordinates[..(sample.CountX * d)], d, bandwidth, null, cancellation), "x").Factor;
        if (sample.CountY > 0) _factorOfY = Require(KernelCloud.Of(sample.Coordinates[(sample.CountX * d)..], d, bandwidth, null, cancellation), "y").Factor;
    }

    public override bool IsShared => true;

    public override IReadOnlyDictionary<string, double> Details() =>
        _factorOfY is { } ofY ? new Dictionary<string, double> { ["bandwidthFactorX"] = _factorOfX, ["bandwidthFactorY"] = ofY } : new Dictionary<string, double> { ["bandwidthFactorX"] = _factorOfX };

    /// <summary>Of kernels between all points, eighteen times where a width is chosen.</summary>
    public static double Work(KernelBandwidth bandwidth, int x, int y, int dimension) =>
        (bandwidth.Rule == KernelRule.CrossValidated ? 18.0 : 1) * x * KernelWork(dimension) * x + (bandwidth.Rule == KernelRule.CrossValidated ? 18.0 * y * y : 0) * KernelWork(dimension) + (double)x * y * KernelWork(dimension);

    /// <summary>With the widths known.</summary>
    public static double RepeatedWork(int x, int y, int dimension) => KernelWork(dimension) * x * ((double)x + y);

    public override double Of(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation)
    {
        var (d, points) = (_sample.Dimension, _sample.Gather(x));
        if (KernelCloud.Of(points, d, _bandwidth, Factor(_factorOfX, x.Length, _sample.CountX), cancellation) is not { } own) return double.NaN;
        var mean = own.MeanLog(points, isSelf: true, cancellation);
        if (_isEntropy) return -mean;
        if (_sample.LogDensities is { } known)
        {
            var sum = 0.0;
            foreach (var place in x) sum += known[place];
            return mean - sum / x.Length;
        }

        if (KernelCloud.Of(_sample.Gather(y), d, _bandwidth, Factor(_factorOfY!.Value, y.Length, _sample.CountY), cancellation) is not { } other) return double.NaN;
        return mean - other.MeanLog(points, isSelf: false, cancellation);
    }

    private static double KernelWork(int dimension) => 4 + 0.5 * dimension;

    private double? Factor(double ofAll, int count, int countOfAll)
    {
        if (_bandwidth.Rule is not KernelRule.CrossValidated) return null;
        return ofAll * KernelCloud.Rule(KernelRule.Scott, count, _sample.Dimension) / KernelCloud.Rule(KernelRule.Scott, countOfAll, _sample.Dimension);
    }

    private static KernelCloud Require(KernelCloud? cloud, string name) => cloud
        ?? throw new NotComputableException("singular-covariance", $"The covariance of {name}, by which the kernels go, cannot be inverted: a coordinate is constant, follows from others, or is too large for doubles. A number as bandwidth needs none.");
}
