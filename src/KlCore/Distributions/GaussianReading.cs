using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>Reads a <see cref="Gaussian"/>: says everything that is wrong with it, or factors its covariance.</summary>
internal static class GaussianReading
{
    private const double Asymmetry = 1e-12;

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
            { Covariance: { } matrix } => OfMatrix(matrix, d, at, cancellation),
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
        if (!IsSquare(factor, d, at)) return null;
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
        if (IsDiagonal(factor)) return new DiagonalCovariance([.. factor.Select((row, i) => (DoubleDouble)row[i])]);
        int[] exponents = [.. factor.Select(row => Math.ILogB(row.Max(Math.Abs)))];
        var scaled = Scaled(factor, (i, _) => -exponents[i]);
        return d <= PreciseCovariance.MaximumDimension ? PreciseCovariance.OfFactor(scaled, exponents) : BlockedCovariance.OfFactor(scaled, exponents);
    }

    private static FactoredCovariance? OfMatrix(double[][] matrix, int d, Problems at, CancellationToken cancellation)
    {
        var before = at.Total;
        if (!IsSquare(matrix, d, at)) return null;
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++)
            {
                if (!double.IsFinite(matrix[i][j])) at.At(i).At(j).Add($"must be finite, was {matrix[i][j]:R}");
            }
        }

        if (at.Total == before) CheckSymmetry(matrix, at);
        if (at.Total != before) return null;
        if (IsDiagonal(matrix) && matrix.Select((row, i) => row[i]).All(variance => variance > 0))
            return new DiagonalCovariance([.. matrix.Select((row, i) => DiagonalCovariance.DeviationOf(row[i]))]);
        return Factor(matrix, at, cancellation);
    }

    private static FactoredCovariance? Factor(double[][] matrix, Problems at, CancellationToken cancellation)
    {
        var d = matrix.Length;
        int[] exponents = [.. matrix.Select((row, i) => FactoredCovariance.ExponentOfVariance(row[i]))];
        var scaled = Scaled(matrix, (i, j) => -exponents[i] - exponents[j]);
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < i; j++) scaled[i * d + j] = scaled[j * d + i] = scaled[i * d + j] / 2 + scaled[j * d + i] / 2;
        }

        FactoredCovariance? factored = d <= PreciseCovariance.MaximumDimension
            ? PreciseCovariance.TryFactor(scaled, exponents, out var row, out var pivot)
            : BlockedCovariance.TryFactor(scaled, exponents, out row, out pivot, cancellation);
        if (factored is not null) return factored;
        pivot = Math.ScaleB(pivot, 2 * exponents[row]);
        at.At(row).At(row).Add($"must be positive definite; pivot {row} was {pivot:G6}{(pivot > 0 ? $", which is rounding beside the element {matrix[row][row]:R}" : "")}");
        return null;
    }

    private static void CheckPositive(double value, Problems at)
    {
        if (!(value > 0) || double.IsInfinity(value)) at.Add($"must be positive and finite, was {value:R}");
    }

    private static bool IsSquare(double[][] matrix, int d, Problems at)
    {
        var before = at.Total;
        if (matrix.Length != d) at.Add($"must have {d} rows, one for each coordinate of the mean, had {matrix.Length}");
        for (var i = 0; i < matrix.Length; i++)
        {
            if (matrix[i].Length != d) at.At(i).Add($"must have {d} elements, one for each coordinate of the mean, had {matrix[i].Length}");
        }

        return at.Total == before;
    }

    // Beside the element itself the scale of an element is the root of the product of both variances.
    private static void CheckSymmetry(double[][] matrix, Problems at)
    {
        for (var i = 0; i < matrix.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (lower, upper) = (matrix[i][j], matrix[j][i]);
                if (lower == upper) continue;
                var scale = Math.Max(Math.Max(Math.Abs(lower), Math.Abs(upper)), Math.Sqrt(Math.Abs(matrix[i][i])) * Math.Sqrt(Math.Abs(matrix[j][j])));
                if (!(Math.Abs(lower - upper) <= Asymmetry * scale))
                    at.At(i).At(j).Add($"must be symmetric; element ({i}, {j}) was {lower:R}, element ({j}, {i}) was {upper:R}");
            }
        }
    }

    private static bool IsDiagonal(double[][] matrix)
    {
        for (var i = 0; i < matrix.Length; i++)
        {
            if (matrix[i].AsSpan(0, i).ContainsAnyExcept(0.0) || matrix[i].AsSpan(i + 1).ContainsAnyExcept(0.0)) return false;
        }

        return true;
    }

    private static double[] Scaled(double[][] matrix, Func<int, int, int> exponent)
    {
        var d = matrix.Length;
        var scaled = new double[d * d];
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++) scaled[i * d + j] = exponent(i, j) is var shift and not 0 ? Math.ScaleB(matrix[i][j], shift) : matrix[i][j];
        }

        return scaled;
    }
}
