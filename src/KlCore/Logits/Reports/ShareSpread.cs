using System.Numerics;

namespace KlCore.Logits.Reports;

/// <summary>How much the shares of values below some thresholds differ from chunk to chunk: all thresholds at once, in whole numbers.</summary>
internal sealed class ShareSpread
{
    private readonly double[] _thresholds;
    private readonly long[] _inCluster;
    private readonly (long Sum, Int128 Squares, Int128 Products)[] _below;
    private long _countInCluster, _count, _clusters;
    private Int128 _squaredCounts;

    /// <summary>For thresholds in any order.</summary>
    public ShareSpread(IEnumerable<double> thresholds)
    {
        _thresholds = [.. thresholds.Distinct().Order()];
        _inCluster = new long[_thresholds.Length];
        _below = new (long, Int128, Int128)[_thresholds.Length];
    }

    /// <summary>Counts a value, not NaN.</summary>
    public void Add(double value)
    {
        _countInCluster++;
        var place = Array.BinarySearch(_thresholds, value);
        if (place < 0) place = ~place;
        // At most the threshold at its place, and thereby those after it.
        if (place < _inCluster.Length) _inCluster[place]++;
    }

    /// <summary>Says that the values since the last call are a cluster.</summary>
    public void CloseCluster()
    {
        if (_countInCluster == 0) return;
        long below = 0;
        for (var i = 0; i < _below.Length; i++)
        {
            below += _inCluster[i];
            var (sum, squares, products) = _below[i];
            _below[i] = (sum + below, squares + (Int128)below * below, products + (Int128)below * _countInCluster);
        }

        _clusters++;
        _count += _countInCluster;
        _squaredCounts += (Int128)_countInCluster * _countInCluster;
        _countInCluster = 0;
        Array.Clear(_inCluster);
    }

    /// <summary>
    /// Half the 95 % interval of the share of values at most that threshold: t sqrt(m / (m - 1) sum (S_c - R n_c)^2) / N, S_c of n_c in each of
    /// m clusters, N in all, R the share, t Student's with m - 1 degrees of freedom; 0 for fewer than two clusters.
    /// </summary>
    public double HalfWidth(double threshold)
    {
        if (_clusters < 2) return 0;
        var (sum, squares, products) = _below[Array.BinarySearch(_thresholds, threshold)];
        BigInteger n = _count, s = sum;
        // N^2 sum (S_c - R n_c)^2.
        var spread = (double)(n * n * squares - 2 * n * s * products + s * s * _squaredCounts);
        var error = Math.Sqrt(spread / _count / _count * _clusters / (_clusters - 1)) / _count;
        return error * Confidence.Student95(_clusters - 1);
    }
}
