namespace KlCore.Distributions;

/// <summary>What a covariance matrix must be.</summary>
internal static class CovarianceMatrix
{
    private const double Asymmetry = 1e-9;

    /// <summary>Adds a problem unless the matrix is finite, of the given dimension, symmetric and positive definite.</summary>
    public static void Check(double[][] matrix, int dimension, Problems problems)
    {
        if (matrix.Length != dimension)
        {
            problems.Add($"must have {dimension} rows, one for each coordinate of the mean, had {matrix.Length}");
            return;
        }

        for (var i = 0; i < dimension; i++)
        {
            if (matrix[i].Length != dimension)
            {
                problems.At(i).Add($"must have {dimension} elements, had {matrix[i].Length}");
                return;
            }
        }

        if (!AreElementsLegal(matrix, problems)) return;
        if (Pivot(matrix) is var pivot and >= 0) problems.Add($"must be positive definite, but the pivot of row {pivot} is not positive");
    }

    private static bool AreElementsLegal(double[][] matrix, Problems problems)
    {
        var legal = true;
        for (var i = 0; i < matrix.Length; i++)
        {
            for (var j = 0; j < matrix.Length; j++)
            {
                var (value, mirrored) = (matrix[i][j], matrix[j][i]);
                if (!double.IsFinite(value)) problems.At(i).At(j).Add($"must be finite, was {value:R}");
                else if (j < i && Math.Abs(value - mirrored) > Asymmetry * Math.Max(Math.Abs(value), Math.Abs(mirrored)))
                    problems.At(i).At(j).Add($"must equal its mirror image {mirrored:R}, was {value:R}");
                else continue;
                legal = false;
            }
        }

        return legal;
    }

    // The first row whose pivot fails, or -1.
    private static int Pivot(double[][] matrix) => LowerFactor.TryFactor(matrix, out _, out var pivot) ? -1 : pivot;
}
