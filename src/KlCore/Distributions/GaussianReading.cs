using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>Reads a <see cref="Gaussian"/>: says everything that is wrong with it, or factors its covariance.</summary>
internal static class GaussianReading
{
    /// <summary>The factored covariance, or null with the reasons in <paramref name="problems"/>.</summary>
    public static FactoredCovariance? TryRead(Gaussian gaussian, Problems problems, CancellationToken cancellation)
    {
        var before = problems.Total;
        gaussian.Mean.Check(problems.At("mean"));
        string[] given =
        [
            .. new[]
            {
                gaussian.Covariance is null ? null : "covariance", gaussian.Variances is null ? null : "variances",
                gaussian.StandardDeviation is null ? null : "standardDeviation", gaussian.CholeskyFactor is null ? null : "choleskyFactor",
            }.OfType<string>(),
        ];
        if (given.Length != 1)
        {
            problems.Add($"must give exactly one of covariance, variances, standardDeviation, choleskyFactor; gave {(given.Length == 0 ? "none" : string.Join(" and ", given))}");
            return null;
        }

        var (d, at) = (gaussian.Mean.Dimension, problems.At(given[0]));
        if (d == 0) return null;
        var read = gaussian switch
        {
            { Covariance: { } matrix } => CovarianceMatrix.TryFactor(matrix, d, at, cancellation),
            { CholeskyFactor: { } factor } => OfFactor(factor, d, at),
            { Variances: { } variances } => OfVariances(variances, d, at),
            _ => OfDeviation(gaussian.StandardDeviation!.Value, d, at),
        };
        return problems.Total == before ? read : null;
    }

    private static DiagonalCovariance? OfDeviation(double deviation, int d, Problems at)
    {
        var before = at.Total;
        if (d != 1) at.Add($"is for one dimension, but the mean has {d}; give variances, covariance or choleskyFactor");
        CheckPositive(deviation, at);
        return at.Total == before ? new DiagonalCovariance([deviation]) : null;
    }

    private static DiagonalCovariance? OfVariances(double[] variances, int d, Problems at)
    {
        var before = at.Total;
        if (variances.Length != d) at.Add($"must have {d} elements, one for each coordinate of the mean, had {variances.Length}");
        for (var i = 0; i < variances.Length; i++) CheckPositive(variances[i], at.At(i));
        return at.Total == before ? new DiagonalCovariance(Array.ConvertAll(variances, DiagonalCovariance.DeviationOf)) : null;
    }

    private static FactoredCovariance? OfFactor(double[][] factor, int d, Problems at)
    {
        var before = at.Total;
        if (!CovarianceMatrix.IsSquare(factor, d, at)) return null;
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++)
            {
                if (i == j) CheckPositive(factor[i][j], at.At(i).At(j));
                else if (!double.IsFinite(factor[i][j])) at.At(i).At(j).Add($"must be finite, was {factor[i][j]:R}");
                else if (j > i && factor[i][j] != 0) at.At(i).At(j).Add($"must be 0, above the diagonal of a lower triangular matrix, was {factor[i][j]:R}");
            }
        }

        if (at.Total != before) return null;
        if (CovarianceMatrix.IsDiagonal(factor)) return new DiagonalCovariance([.. factor.Select((row, i) => (DoubleDouble)row[i])]);
        int[] exponents = [.. factor.Select(row => Math.ILogB(row.Max(Math.Abs)))];
        var scaled = CovarianceMatrix.Scaled(factor, exponents, new int[d], d <= PreciseCovariance.MaximumDimension ? d : Cholesky.Padded(d));
        return d <= PreciseCovariance.MaximumDimension ? PreciseCovariance.OfFactor(scaled, exponents) : BlockedCovariance.OfFactor(scaled, exponents);
    }

    private static void CheckPositive(double value, Problems at)
    {
        if (!(value > 0) || double.IsInfinity(value)) at.Add($"must be positive and finite, was {value:R}");
    }
}
