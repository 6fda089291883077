using KlCore.Distributions;
using KlCore.Numerics;

namespace KlCore.Training.DensityFit;

/// <summary>
/// The density of samples in more than one dimension, estimated with a Gaussian kernel that is round in coordinates of covariance 1. Its
/// bandwidth is Silverman's (1986, eq. 4.14): (4/((d+2) n))^(1/(d+4)). At most 1000 samples, spread evenly over all, make the kernels.
/// </summary>
internal sealed class KernelCloud : Density
{
    private const int MaximumKernels = 1000;

    private readonly double[] _centres;
    private readonly double[] _squares;
    private readonly double _logScale;

    public KernelCloud(Points points)
    {
        (Dimension, Kernels) = (points.Dimension, Math.Min(points.Count, MaximumKernels));
        (_centres, _squares) = (new double[Kernels * Dimension], new double[Kernels]);
        for (var k = 0; k < Kernels; k++) points[(int)((long)k * points.Count / Kernels)].CopyTo(_centres.AsSpan(k * Dimension));
        Bandwidth = Math.Pow(4.0 / ((Dimension + 2.0) * Kernels), 1.0 / (Dimension + 4));
        _logScale = -Math.Log(Kernels) - Dimension * (Math.Log(Bandwidth) + 0.5 * Math.Log(2 * Math.PI));
    }

    public override int Dimension { get; }

    /// <summary>How many kernels there are.</summary>
    public int Kernels { get; }

    /// <summary>Their standard deviation along every axis.</summary>
    public double Bandwidth { get; }

    /// <summary>Where a kernel is.</summary>
    public ReadOnlySpan<double> Centre(int kernel) => _centres.AsSpan(kernel * Dimension, Dimension);

    public override double LogDensity(ReadOnlySpan<double> x)
    {
        var nearest = double.PositiveInfinity;
        for (var k = 0; k < Kernels; k++)
        {
            var square = 0.0;
            for (var i = 0; i < Dimension; i++) square += (x[i] - _centres[k * Dimension + i]) * (x[i] - _centres[k * Dimension + i]);
            _squares[k] = square / (Bandwidth * Bandwidth);
            nearest = Math.Min(nearest, _squares[k]);
        }

        var sum = 0.0;
        foreach (var square in _squares) sum += Math.Exp(0.5 * (nearest - square));
        return _logScale - 0.5 * nearest + Math.Log(sum);
    }

    public override double LogDensity(ReadOnlySpan<double> x, Span<double> gradient)
    {
        var logDensity = LogDensity(x);
        gradient.Clear();
        for (var k = 0; k < Kernels; k++)
        {
            var share = Math.Exp(_logScale - 0.5 * _squares[k] - logDensity) / (Bandwidth * Bandwidth);
            if (share == 0) continue;
            for (var i = 0; i < Dimension; i++) gradient[i] += share * (_centres[k * Dimension + i] - x[i]);
        }

        return logDensity;
    }

    /// <summary>What one evaluation of an estimate from so many samples takes.</summary>
    public static double WorkOf(int samples, int dimension) => Math.Min(samples, MaximumKernels) * (20.0 + dimension);

    public override double Work() => WorkOf(Kernels, Dimension);

    public override void Sample(RandomStream random, Span<double> x)
    {
        Centre(random.NextIndex(Kernels)).CopyTo(x);
        for (var i = 0; i < Dimension; i++) x[i] += Bandwidth * random.NextNormal();
    }

    public override void AddBreaks(List<Break> breaks) => throw new NotSupportedException("There are panels in one dimension only.");
}
