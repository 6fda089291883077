using KlCore.Distributions;
using KlCore.Estimation.Distances;
using KlCore.Numerics;

namespace KlCore.Estimation.Kernels;

/// <summary>
/// A density made of a Gaussian around each point. Points are kept in coordinates in which the kernel is the standard normal: there a logarithm of the sum is found from the nearest point on,
/// so that it is right also where every kernel underflows.
/// </summary>
internal sealed class KernelCloud
{
    // Kernels so much smaller than the largest change no digit.
    private const double Negligible = 80;

    private readonly DistanceRows _rows;
    private readonly double[] _lower;
    private readonly int _count;
    private readonly int _d;
    private double _factor;

    private KernelCloud(double[] points, int dimension, double[] lower)
    {
        (_d, _count, _lower, _factor) = (dimension, points.Length / dimension, lower, 1);
        _rows = new DistanceRows(Whiten(points), dimension, 0);
    }

    /// <summary>By which the covariance's root was multiplied, or the width that was given.</summary>
    public double Factor => _factor;

    /// <summary>The density of points, or null where a rule has no covariance to go by.</summary>
    /// <param name="points">One after the other.</param>
    /// <param name="dimension">Coordinates of each.</param>
    /// <param name="bandwidth">How wide.</param>
    /// <param name="factor">The factor, where it is known from other points; else that of the rule.</param>
    /// <param name="cancellation">Looked at while a width is chosen.</param>
    public static KernelCloud? Of(double[] points, int dimension, KernelBandwidth bandwidth, double? factor, CancellationToken cancellation)
    {
        var n = points.Length / dimension;
        if (bandwidth.Width is { } width)
        {
            var diagonal = new double[dimension * dimension];
            for (var axis = 0; axis < dimension; axis++) diagonal[axis * (dimension + 1)] = 1;
            return new KernelCloud(points, dimension, diagonal) { _factor = width };
        }

        if (n < 2 || CovarianceMatrix.TryFactor(SampleMoments.Of(points, dimension).Covariance!, dimension, new Problems(), cancellation) is not { } covariance) return null;
        var cloud = new KernelCloud(points, dimension, covariance.Lower(new int[dimension])) { _factor = factor ?? Rule(bandwidth.Rule!.Value, n, dimension) };
        if (factor is null && bandwidth.Rule == KernelRule.CrossValidated) cloud.Choose(points, cancellation);
        return cloud;
    }

    /// <summary>The factor of a rule; of the one that is chosen, where the choice begins.</summary>
    public static double Rule(KernelRule rule, int n, int d) => Math.Pow(rule == KernelRule.Silverman ? n * (d + 2) / 4.0 : n, -1.0 / (d + 4));

    /// <summary>The mean of ln of the density at points.</summary>
    /// <param name="points">One after the other.</param>
    /// <param name="isSelf">Whether they are the points of the density, each of which is then left out of what it is measured by.</param>
    /// <param name="cancellation">Stops it.</param>
    public double MeanLog(double[] points, bool isSelf, CancellationToken cancellation)
    {
        var (queries, squares) = (Whiten(points), new double[_count]);
        var (sum, count) = (new CompensatedSum(), points.Length / _d);
        for (var query = 0; query < count; query++)
        {
            if ((query & 63) == 0) cancellation.ThrowIfCancellationRequested();
            sum.Add(LogSum(queries.AsSpan(query * _d, _d), isSelf ? query : -1, squares));
        }

        var logDeterminant = 0.0;
        for (var axis = 0; axis < _d; axis++) logDeterminant += Math.Log(_lower[axis * (_d + 1)] * _factor);
        return sum.Value / count - Math.Log(isSelf ? _count - 1 : _count) - logDeterminant - _d / 2.0 * Math.Log(2 * Math.PI);
    }

    private double LogSum(ReadOnlySpan<double> query, int self, double[] squares)
    {
        _rows.Squares(query, squares);
        if (self >= 0) squares[self] = double.PositiveInfinity;
        var nearest = double.PositiveInfinity;
        foreach (var square in squares) nearest = square < nearest ? square : nearest;
        if (double.IsPositiveInfinity(nearest)) return double.NegativeInfinity;
        var (scale, sum, limit) = (0.5 / _factor / _factor, 0.0, nearest + 2 * Negligible * _factor * _factor);
        foreach (var square in squares)
            if (square <= limit) sum += Math.Exp((nearest - square) * scale);
        return Math.Log(sum) - nearest * scale;
    }

    private void Choose(double[] points, CancellationToken cancellation)
    {
        var (start, best, likelihood) = (_factor, _factor, double.NegativeInfinity);
        for (var quarter = -12; quarter <= 4; quarter++)
        {
            _factor = start * Math.Pow(2, quarter / 4.0);
            var value = MeanLog(points, isSelf: true, cancellation);
            if (value > likelihood) (best, likelihood) = (_factor, value);
        }

        _factor = best;
    }

    // L^-1 x, so that the covariance becomes the unit matrix.
    private double[] Whiten(double[] points)
    {
        var white = new double[points.Length];
        for (var row = 0; row < points.Length; row += _d)
        {
            for (var i = 0; i < _d; i++)
            {
                var rest = points[row + i];
                for (var j = 0; j < i; j++) rest -= _lower[i * _d + j] * white[row + j];
                white[row + i] = rest / _lower[i * _d + i];
            }
        }

        return white;
    }
}
