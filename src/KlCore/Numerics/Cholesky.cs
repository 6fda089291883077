namespace KlCore.Numerics;

/// <summary>
/// The factor L of a positive definite matrix S = L L^T and what is solved with it, for dimensions that are multiples of eight (pad with a
/// unit matrix). All work is done in tiles of four by four dot products of rows, so that both operands lie in memory as they are read.
/// </summary>
internal static class Cholesky
{
    private const int Tile = TileProducts.Size;

    // So many rows of one operand stay in the second-level cache while the other passes by.
    private const int Panel = 48;

    /// <summary>The next dimension that is a multiple of eight.</summary>
    public static int Padded(int d) => (d + 7) & ~7;

    /// <summary>L, row after row, of a matrix of any dimension; false with the first row whose pivot is not above <paramref name="doubt"/> times its diagonal.</summary>
    public static bool TryFactor(double[][] matrix, double doubt, out double[] lower, out int row)
    {
        var d = matrix.Length;
        var n = Padded(d);
        var padded = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            if (i < d) matrix[i].CopyTo(padded.AsSpan(i * n));
            else padded[i * n + i] = 1;
        }

        lower = new double[d * d];
        if (!TryFactor(padded, n, doubt, out var factor, out row, out _, CancellationToken.None)) return false;
        for (var i = 0; i < d; i++) factor.AsSpan(i * n, d).CopyTo(lower.AsSpan(i * d));
        return true;
    }

    /// <summary>
    /// L, row after row, from the lower half of S; above the diagonal it is 0. False at the first pivot S_ii - sum of L_ik^2 that is not
    /// above <paramref name="doubt"/> S_ii.
    /// </summary>
    public static bool TryFactor(double[] s, int n, double doubt, out double[] lower, out int row, out double pivot, CancellationToken cancellation)
    {
        lower = new double[n * n];
        (row, pivot) = (0, 0);
        Span<double> products = stackalloc double[Tile * Tile];
        for (var top = 0; top < n; top += Panel)
        {
            cancellation.ThrowIfCancellationRequested();
            var bottom = Math.Min(n, top + Panel);
            for (var j = 0; j < bottom; j += Tile)
            {
                for (var i = Math.Max(top, j); i < bottom; i += Tile)
                {
                    TileProducts.Of(lower, i * n, lower, j * n, n, 0, j, products);
                    if (i > j) Divide(s, lower, i, j, n, products);
                    else if (!TryFactorTile(s, lower, i, n, doubt, products, out row, out pivot)) return false;
                }
            }
        }

        return true;
    }

    /// <summary>
    /// The transpose of X = L^-1 R: element (j, i) of what is answered is X_ij. Of a lower triangular R only what can be other than 0 is
    /// computed.
    /// </summary>
    public static double[] SolveTransposed(double[] lower, double[] right, int n, bool triangular, CancellationToken cancellation)
    {
        var solution = new double[n * n];
        Span<double> products = stackalloc double[Tile * Tile];
        for (var top = 0; top < n; top += Panel)
        {
            cancellation.ThrowIfCancellationRequested();
            var bottom = Math.Min(n, top + Panel);
            for (var i = triangular ? top : 0; i < n; i += Tile)
            {
                for (var j = top; j < (triangular ? Math.Min(bottom, i + 1) : bottom); j += Tile)
                {
                    TileProducts.Of(lower, i * n, solution, j * n, n, triangular ? j : 0, i, products);
                    Substitute(lower, right, solution, i, j, n, products);
                }
            }
        }

        return solution;
    }

    /// <summary>L^-1 v, in place.</summary>
    public static void Solve(double[] lower, Span<double> v)
    {
        var n = v.Length;
        for (var i = 0; i < n; i++) v[i] = (v[i] - Rows.Dot(lower.AsSpan(i * n, i), v[..i])) / lower[i * n + i];
    }

    /// <summary>L^-T v, in place.</summary>
    public static void SolveTransposed(double[] lower, Span<double> v)
    {
        var n = v.Length;
        for (var i = n - 1; i >= 0; i--)
        {
            v[i] /= lower[i * n + i];
            Rows.AddMultiple(lower.AsSpan(i * n, i), -v[i], v[..i]);
        }
    }

    // L_IJ = (S_IJ - products) L_JJ^-T.
    private static void Divide(double[] s, double[] lower, int i, int j, int n, ReadOnlySpan<double> products)
    {
        for (var r = 0; r < Tile; r++)
        {
            var row = lower.AsSpan((i + r) * n + j, Tile);
            for (var c = 0; c < Tile; c++)
            {
                var rest = s[(i + r) * n + j + c] - products[r * Tile + c];
                var above = lower.AsSpan((j + c) * n + j, Tile);
                for (var k = 0; k < c; k++) rest -= row[k] * above[k];
                row[c] = rest / above[c];
            }
        }
    }

    private static bool TryFactorTile(double[] s, double[] lower, int top, int n, double doubt, ReadOnlySpan<double> products, out int row, out double pivot)
    {
        pivot = 0;
        for (row = top; row < top + Tile; row++)
        {
            var mine = lower.AsSpan(row * n + top, Tile);
            for (var c = 0; c <= row - top; c++)
            {
                var rest = s[row * n + top + c] - products[(row - top) * Tile + c];
                var other = lower.AsSpan((top + c) * n + top, Tile);
                for (var k = 0; k < c; k++) rest -= mine[k] * other[k];
                if (c < row - top) mine[c] = rest / other[c];
                else pivot = rest;
            }

            if (!(pivot > doubt * s[row * n + row]) || double.IsInfinity(pivot)) return false;
            mine[row - top] = Math.Sqrt(pivot);
        }

        return true;
    }

    // X_IJ = L_II^-1 (R_IJ - products), stored transposed.
    private static void Substitute(double[] lower, double[] right, double[] solution, int i, int j, int n, ReadOnlySpan<double> products)
    {
        for (var c = 0; c < Tile; c++)
        {
            var column = solution.AsSpan((j + c) * n + i, Tile);
            for (var r = 0; r < Tile; r++)
            {
                var rest = right[(i + r) * n + j + c] - products[r * Tile + c];
                var row = lower.AsSpan((i + r) * n + i, Tile);
                for (var k = 0; k < r; k++) rest -= row[k] * column[k];
                column[r] = rest / row[r];
            }
        }
    }
}
