using KlCore.Distributions;
using KlCore.Numerics;

namespace KlCore.Training.DensityFit;

/// <summary>
/// The density of samples in one dimension, estimated with a Gaussian kernel. Its bandwidth is Silverman's (1986, eq. 3.31):
/// 0.9 min(sd, IQR/1.34) n^(−1/5). The samples are first shared between the two nearest points of a grid of an eighth of the bandwidth, so
/// that a million of them cost no more than a thousand. Where the samples spread over so many orders of magnitude that quadrature would need
/// more than 2000 panels, the bandwidth grows until it does not.
/// </summary>
internal sealed class KernelDensity : Density
{
    private const int BinsPerBandwidth = 8;
    private const double Reach = 9;
    private const int MaximumBreaks = 2000;
    private const double Growth = 1.5;

    private readonly double[] _centres;
    private readonly double[] _weights;
    private readonly double[] _cumulative;
    private readonly double _bandwidth;
    private readonly double _logScale;
    private readonly Break[] _breaks;

    private KernelDensity(double[] sorted, double bandwidth)
    {
        _bandwidth = bandwidth;
        (_centres, _weights) = Bin(sorted, bandwidth / BinsPerBandwidth);
        _cumulative = new double[_weights.Length];
        var sum = 0.0;
        for (var i = 0; i < _weights.Length; i++) _cumulative[i] = sum += _weights[i];
        _logScale = -Math.Log(bandwidth * Math.Sqrt(2 * Math.PI));
        _breaks = [.. Breaks(_centres, bandwidth)];
    }

    public override int Dimension => 1;

    /// <summary>Where the estimate's left tail ends.</summary>
    public double Lowest => _centres[0] - 4 * _bandwidth;

    /// <summary>Where its right tail ends.</summary>
    public double Highest => _centres[^1] + 4 * _bandwidth;

    /// <summary>The estimate from points in standard coordinates, in any dimension.</summary>
    public static Density Estimate(Points points)
    {
        if (points.Dimension > 1) return new KernelCloud(points);
        var sorted = points.Coordinates.ToArray();
        Array.Sort(sorted);
        var quartiles = sorted[sorted.Length * 3 / 4] - sorted[sorted.Length / 4];
        // Where more than half of the samples are equal the quartiles coincide; the standard deviation, which is 1, then decides alone.
        var spread = quartiles > 0 ? Math.Min(1, quartiles / 1.34) : 1;
        var bandwidth = 0.9 * spread * Math.Pow(sorted.Length, -0.2);
        while (Breaks(sorted, bandwidth).Skip(MaximumBreaks).Any()) bandwidth *= Growth;
        return new KernelDensity(sorted, bandwidth);
    }

    public override double LogDensity(ReadOnlySpan<double> x)
    {
        var (first, last) = Window(x[0]);
        var nearest = double.PositiveInfinity;
        for (var i = first; i < last; i++) nearest = Math.Min(nearest, Math.Abs(x[0] - _centres[i]));
        var (sum, closest) = (0.0, nearest / _bandwidth);
        for (var i = first; i < last; i++)
        {
            var z = (x[0] - _centres[i]) / _bandwidth;
            sum += _weights[i] * Math.Exp(-0.5 * (z - closest) * (z + closest));
        }

        return _logScale - 0.5 * closest * closest + Math.Log(sum);
    }

    public override double LogDensity(ReadOnlySpan<double> x, Span<double> gradient)
    {
        var logDensity = LogDensity(x);
        var (first, last) = Window(x[0]);
        var slope = 0.0;
        for (var i = first; i < last; i++)
        {
            var z = (x[0] - _centres[i]) / _bandwidth;
            slope -= _weights[i] * z * Math.Exp(_logScale - 0.5 * z * z - logDensity);
        }

        gradient[0] = slope / _bandwidth;
        return logDensity;
    }

    /// <summary>What one evaluation of an estimate from so many samples takes.</summary>
    public static double WorkOf(int samples, int dimension) => dimension == 1 ? 20 * 2 * BinsPerBandwidth * Reach : KernelCloud.WorkOf(samples, dimension);

    public override double Work() => WorkOf(_centres.Length, 1);

    public override void Sample(RandomStream random, Span<double> x)
    {
        var index = Array.BinarySearch(_cumulative, random.NextUniform());
        x[0] = _centres[Math.Min(index < 0 ? ~index : index, _centres.Length - 1)] + _bandwidth * random.NextNormal();
    }

    public override void AddBreaks(List<Break> breaks) => breaks.AddRange(_breaks);

    private static IEnumerable<Break> Breaks(double[] centres, double bandwidth)
    {
        var last = double.NegativeInfinity;
        foreach (var centre in centres)
        {
            if (centre - last < bandwidth) continue;
            // Across a gap between the samples the tails of its two edges need panels, the middle none.
            if (centre - last > 2 * Reach * bandwidth)
            {
                foreach (var tail in Tails(last, centre, bandwidth)) yield return tail;
            }

            yield return new Break(last = centre, bandwidth);
        }

        foreach (var tail in Tails(centres[^1], double.PositiveInfinity, bandwidth)) yield return tail;
    }

    // Every sample is shared between the two bins beside it, the nearer one getting more.
    private static (double[] Centres, double[] Weights) Bin(double[] sorted, double width)
    {
        var (bins, weights) = (new List<double>(), new List<double>());
        foreach (var value in sorted)
        {
            var below = Math.Floor((value - sorted[0]) / width);
            var share = (value - sorted[0]) / width - below;
            Add(below, 1 - share);
            if (share > 0) Add(below + 1, share);
        }

        return ([.. bins.Select(bin => sorted[0] + bin * width)], [.. weights]);

        // The values ascend, so the bin is the last, the one before it, or new.
        void Add(double bin, double share)
        {
            if (bins.Count > 0 && bins[^1] == bin) weights[^1] += share / sorted.Length;
            else if (bins.Count > 1 && bins[^2] == bin) weights[^2] += share / sorted.Length;
            else
            {
                bins.Add(bin);
                weights.Add(share / sorted.Length);
            }
        }
    }

    // The kernels that reach x; or, in a gap, the nearest few on either side.
    private (int First, int Last) Window(double x)
    {
        var (first, last) = (LowerBound(x - Reach * _bandwidth), LowerBound(x + Reach * _bandwidth));
        return first < last ? (first, last) : (Math.Max(0, first - 2 * BinsPerBandwidth), Math.Min(_centres.Length, first + 2 * BinsPerBandwidth));
    }

    private int LowerBound(double x)
    {
        var index = Array.BinarySearch(_centres, x);
        return index < 0 ? ~index : index;
    }

    private static IEnumerable<Break> Tails(double left, double right, double bandwidth)
    {
        foreach (var deviations in BreaksInDeviations)
        {
            if (deviations > 0 && double.IsFinite(left)) yield return new Break(left + deviations * bandwidth, bandwidth);
            if (deviations < 0 && double.IsFinite(right)) yield return new Break(right + deviations * bandwidth, bandwidth);
        }
    }
}
