using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>What a covariance matrix must be: square, finite, symmetric and positive definite.</summary>
internal static class CovarianceMatrix
{
    private const double Asymmetry = 1e-12;

    // So many rows of a large matrix stay in the cache while their mirror images are looked at.
    private const int Block = 32;

    /// <summary>Adds a problem unless the matrix is finite, of the given dimension, symmetric and positive definite.</summary>
    public static void Check(double[][] matrix, int dimension, Problems problems) => TryFactor(matrix, dimension, problems, CancellationToken.None);

    /// <summary>The factored matrix, or null with the reasons in <paramref name="at"/>.</summary>
    public static FactoredCovariance? TryFactor(double[][] matrix, int d, Problems at, CancellationToken cancellation)
    {
        var before = at.Total;
        if (!IsSquare(matrix, d, at)) return null;
        for (var i = 0; i < d; i++)
        {
            if (Rows.AreFinite(matrix[i])) continue;
            for (var j = 0; j < d; j++)
            {
                if (!double.IsFinite(matrix[i][j])) at.At(i).At(j).Add($"must be finite, was {matrix[i][j]:R}");
            }
        }

        if (at.Total != before) return null;
        var symmetric = CheckSymmetry(matrix, at);
        if (at.Total != before) return null;
        if (IsDiagonal(matrix) && matrix.Select((row, i) => row[i]).All(variance => variance > 0))
            return new DiagonalCovariance([.. matrix.Select((row, i) => DiagonalCovariance.DeviationOf(row[i]))]);
        return Factor(matrix, symmetric, at, cancellation);
    }

    /// <summary>Whether it has as many rows and columns as the mean has coordinates; adds a problem if not.</summary>
    public static bool IsSquare(double[][] matrix, int d, Problems at)
    {
        var before = at.Total;
        if (matrix.Length != d) at.Add($"must have {d} rows, one for each coordinate of the mean, had {matrix.Length}");
        for (var i = 0; i < matrix.Length; i++)
        {
            if (matrix[i].Length != d) at.At(i).Add($"must have {d} elements, one for each coordinate of the mean, had {matrix[i].Length}");
        }

        return at.Total == before;
    }

    /// <summary>Whether all elements off the diagonal are 0.</summary>
    public static bool IsDiagonal(double[][] matrix)
    {
        for (var i = 0; i < matrix.Length; i++)
        {
            if (matrix[i].AsSpan(0, i).ContainsAnyExcept(0.0) || matrix[i].AsSpan(i + 1).ContainsAnyExcept(0.0)) return false;
        }

        return true;
    }

    /// <summary>
    /// All rows one after the other, each element times 2 to minus the exponents of its row and of its column; padded by a unit matrix.
    /// </summary>
    public static double[] Scaled(double[][] matrix, int[] rows, int[] columns, int stride)
    {
        var d = matrix.Length;
        var scaled = new double[stride * stride];
        for (var i = 0; i < stride; i++)
        {
            var row = scaled.AsSpan(i * stride, stride);
            if (i >= d) row[i] = 1;
            else matrix[i].CopyTo(row);
            for (var j = 0; j < d && i < d; j++)
            {
                if (rows[i] + columns[j] is var shift and not 0) row[j] = Times2To(row[j], -shift);
            }
        }

        return scaled;
    }

    private static FactoredCovariance? Factor(double[][] matrix, bool symmetric, Problems at, CancellationToken cancellation)
    {
        var d = matrix.Length;
        int[] exponents = [.. matrix.Select((row, i) => FactoredCovariance.ExponentOfVariance(row[i]))];
        var stride = d <= PreciseCovariance.MaximumDimension ? d : Cholesky.Padded(d);
        var scaled = Scaled(matrix, exponents, exponents, stride);
        if (!symmetric) Symmetrise(scaled, stride);
        FactoredCovariance? factored = d <= PreciseCovariance.MaximumDimension
            ? PreciseCovariance.TryFactor(scaled, exponents, out var row, out var pivot)
            : BlockedCovariance.TryFactor(scaled, exponents, out row, out pivot, cancellation);
        if (factored is not null) return factored;
        pivot = Math.ScaleB(pivot, 2 * exponents[row]);
        at.At(row).At(row).Add($"must be positive definite; pivot {row} was {pivot:G6}{(pivot > 0 ? $", which is rounding beside the element {matrix[row][row]:R}" : "")}");
        return null;
    }

    // A product with a power of two is exact, and several times as fast as ScaleB.
    private static double Times2To(double value, int exponent) =>
        exponent is > -1000 and < 1000 ? value * BitConverter.UInt64BitsToDouble((ulong)(1023 + exponent) << 52) : Math.ScaleB(value, exponent);

    private static void Symmetrise(double[] matrix, int d)
    {
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < i; j++) matrix[i * d + j] = matrix[j * d + i] = matrix[i * d + j] / 2 + matrix[j * d + i] / 2;
        }
    }

    // Whether it is symmetric to the last bit; adds a problem where it is not even nearly.
    private static bool CheckSymmetry(double[][] matrix, Problems at)
    {
        var (d, exact) = (matrix.Length, true);
        for (var top = 0; top < d; top += Block)
        {
            for (var left = 0; left <= top; left += Block)
            {
                for (var i = top; i < Math.Min(d, top + Block); i++)
                {
                    for (var j = left; j < Math.Min(i, left + Block); j++)
                    {
                        if (matrix[i][j] == matrix[j][i]) continue;
                        exact = false;
                        CheckElement(matrix, i, j, at);
                    }
                }
            }
        }

        return exact;
    }

    // Beside the element itself the scale of an element is the root of the product of both variances.
    private static void CheckElement(double[][] matrix, int i, int j, Problems at)
    {
        var (lower, upper) = (matrix[i][j], matrix[j][i]);
        var scale = Math.Max(Math.Max(Math.Abs(lower), Math.Abs(upper)), Math.Sqrt(Math.Abs(matrix[i][i])) * Math.Sqrt(Math.Abs(matrix[j][j])));
        if (!(Math.Abs(lower - upper) <= Asymmetry * scale))
            at.At(i).At(j).Add($"must be symmetric; element ({i}, {j}) was {lower:R}, element ({j}, {i}) was {upper:R}");
    }
}
