namespace KlCore.Numerics;

/// <summary>Products of lower triangular factors, padded as for <see cref="Cholesky"/>.</summary>
internal static class FactorDifference
{
    private const int Tile = TileProducts.Size;

    /// <summary>
    /// A A^T - B B^T = (A - B) A^T + B (A - B)^T, in which factors that are nearly equal lose nothing.
    /// </summary>
    public static double[] Of(double[] a, double[] b, int n, CancellationToken cancellation)
    {
        var delta = new double[a.Length];
        for (var i = 0; i < delta.Length; i++) delta[i] = a[i] - b[i];
        var difference = new double[a.Length];
        AddProducts(delta, a, difference, n, cancellation);
        AddProducts(b, delta, difference, n, cancellation);
        return difference;
    }

    /// <summary>L L^T.</summary>
    public static double[] Square(double[] lower, int n, CancellationToken cancellation)
    {
        var square = new double[lower.Length];
        AddProducts(lower, lower, square, n, cancellation);
        return square;
    }

    // sum += A B^T.
    private static void AddProducts(double[] a, double[] b, double[] sum, int n, CancellationToken cancellation)
    {
        Span<double> products = stackalloc double[Tile * Tile];
        for (var i = 0; i < n; i += Tile)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var j = 0; j < n; j += Tile)
            {
                TileProducts.Of(a, i * n, b, j * n, n, 0, Math.Min(i, j) + Tile, products);
                for (var r = 0; r < Tile; r++)
                {
                    for (var c = 0; c < Tile; c++) sum[(i + r) * n + j + c] += products[r * Tile + c];
                }
            }
        }
    }
}
