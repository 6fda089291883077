using KlCore.Distributions;

namespace KlCore.Estimation;

/// <summary>Mean and covariance of points.</summary>
internal static class SampleMoments
{
    /// <summary>The Gaussian with the points' mean and covariance, the squares divided by n - 1.</summary>
    public static Gaussian Of(ReadOnlySpan<double> coordinates, int dimension)
    {
        var count = coordinates.Length / dimension;
        var mean = Mean(coordinates, dimension);
        var covariance = new double[dimension][];
        for (var i = 0; i < dimension; i++) covariance[i] = new double[dimension];
        var centred = new double[dimension];
        for (var row = 0; row < count; row++)
        {
            var point = coordinates.Slice(row * dimension, dimension);
            for (var i = 0; i < dimension; i++) centred[i] = point[i] - mean[i];
            for (var i = 0; i < dimension; i++)
                for (var j = 0; j <= i; j++) covariance[i][j] += centred[i] * centred[j];
        }

        for (var i = 0; i < dimension; i++)
            for (var j = 0; j <= i; j++) covariance[i][j] = covariance[j][i] = covariance[i][j] / (count - 1);
        return new Gaussian { Mean = new Location(mean), Covariance = covariance };
    }

    /// <summary>ln det of the covariance; null where it is not positive.</summary>
    public static double? LogDeterminant(ReadOnlySpan<double> coordinates, int dimension, CancellationToken cancellation)
    {
        if (CovarianceMatrix.TryFactor(Of(coordinates, dimension).Covariance!, dimension, new Problems(), cancellation) is not { } factored) return null;
        var lower = factored.Lower(new int[dimension]);
        var sum = 0.0;
        for (var i = 0; i < dimension; i++) sum += 2 * Math.Log(lower[i * dimension + i]);
        return sum;
    }

    // In two passes: the second takes away what rounding left of the first.
    private static double[] Mean(ReadOnlySpan<double> coordinates, int dimension)
    {
        var count = coordinates.Length / dimension;
        var (mean, rest) = (new double[dimension], new double[dimension]);
        for (var i = 0; i < coordinates.Length; i++) mean[i % dimension] += coordinates[i] / count;
        for (var i = 0; i < coordinates.Length; i++) rest[i % dimension] += coordinates[i] - mean[i % dimension];
        for (var i = 0; i < dimension; i++) mean[i] += rest[i] / count;
        return mean;
    }
}
