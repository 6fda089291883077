namespace KlCore.Distributions;

/// <summary>The factor L of a covariance C = L Lᵀ.</summary>
internal static class LowerFactor
{
    /// <summary>
    /// Finds L, lower triangular, row by row, from the lower half of the matrix. False if the matrix is not positive definite; the pivot is
    /// then the row that failed.
    /// </summary>
    public static bool TryFactor(double[][] matrix, out double[] lower, out int pivot)
    {
        var n = matrix.Length;
        lower = new double[n * n];
        for (pivot = 0; pivot < n; pivot++)
        {
            for (var j = 0; j <= pivot; j++)
            {
                var sum = matrix[pivot][j];
                for (var k = 0; k < j; k++) sum -= lower[pivot * n + k] * lower[j * n + k];
                if (j < pivot) lower[pivot * n + j] = sum / lower[j * n + j];
                else if (!(sum > 0)) return false;
                else lower[pivot * n + pivot] = Math.Sqrt(sum);
            }
        }

        return true;
    }
}
