using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace KlCore.Texts.Frontiers;

/// <summary>
/// Rows seen along the directions in which they vary most: as many as it takes to keep a share of the variance. Source: K. Pearson, Philosophical Magazine 2 (1901).
/// </summary>
internal static class PrincipalComponents
{
    /// <summary>The rows in new coordinates, less their mean, those of most variance first.</summary>
    /// <param name="rows">At least one row; they are left less their mean.</param>
    /// <param name="share">The share of the variance that is kept, above 0 and at most 1.</param>
    public static PaddedRows Of(PaddedRows rows, double share)
    {
        Centre(rows);
        var columns = rows.Transposed();
        var covariance = columns.TimesTransposed(columns);
        var (directions, kept) = Directions(covariance, share);
        return kept == 0 ? rows : rows.TimesTransposed(directions);
    }

    private static void Centre(PaddedRows rows)
    {
        var mean = new double[rows.Width];
        for (var i = 0; i < rows.Count; i++) Numerics.Rows.AddMultiple(rows[i], 1.0 / rows.Count, mean);
        for (var i = 0; i < rows.Count; i++) Numerics.Rows.AddMultiple(mean, -1, rows[i]);
    }

    private static (PaddedRows Directions, int Kept) Directions(PaddedRows covariance, double share)
    {
        var d = covariance.Count;
        var matrix = DenseMatrix.Create(d, d, (i, j) => covariance[i][j]);
        var decomposition = matrix.Evd(Symmetricity.Symmetric);
        // Of least variance first; rounding may leave those of none below zero.
        double[] variances = [.. decomposition.EigenValues.Select(value => Math.Max(0, value.Real)).Reverse()];
        var (total, sum, kept) = (variances.Sum(), 0.0, 0);
        while (total > 0 && kept < d && sum < share * total && variances[kept] > 0) sum += variances[kept++];
        var directions = new PaddedRows(kept, d);
        for (var i = 0; i < kept; i++)
        {
            var vector = decomposition.EigenVectors.Column(d - 1 - i);
            for (var j = 0; j < d; j++) directions[i][j] = vector[j];
        }

        return (directions, kept);
    }
}
