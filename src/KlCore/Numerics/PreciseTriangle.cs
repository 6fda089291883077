namespace KlCore.Numerics;

/// <summary>
/// Lower triangular matrices of about 32 digits, row after row: what condition numbers of 1e16 and differences of 1e-9 leave of them is
/// still a double's worth. For small dimensions: about twenty times the cost of doubles.
/// </summary>
internal static class PreciseTriangle
{
    /// <summary>
    /// L with L L^T = S, from the lower half of S. False at the first pivot S_ii - sum of L_ik^2 that is not above <paramref name="doubt"/> S_ii.
    /// </summary>
    public static bool TryFactor(DoubleDouble[] s, int d, double doubt, out DoubleDouble[] lower, out int row, out double pivot)
    {
        lower = new DoubleDouble[d * d];
        var inverses = new DoubleDouble[d];
        pivot = 0;
        for (row = 0; row < d; row++)
        {
            var mine = lower.AsSpan(row * d, row + 1);
            for (var j = 0; j < row; j++) mine[j] = (s[row * d + j] - Dot(mine[..j], lower.AsSpan(j * d, j))) * inverses[j];
            var rest = s[row * d + row] - Dot(mine[..row], mine[..row]);
            pivot = rest.Value;
            if (!(pivot > doubt * s[row * d + row].Hi) || double.IsInfinity(pivot)) return false;
            mine[row] = DoubleDouble.Sqrt(rest);
            inverses[row] = DoubleDouble.One / mine[row];
        }

        return true;
    }

    /// <summary>The transpose of M = L^-1 R, for lower triangular L and R: element (j, i) of what is answered is M_ij.</summary>
    public static DoubleDouble[] SolveTransposed(DoubleDouble[] lower, DoubleDouble[] right, int d)
    {
        var solution = new DoubleDouble[d * d];
        for (var i = 0; i < d; i++)
        {
            var inverse = DoubleDouble.One / lower[i * d + i];
            for (var j = 0; j <= i; j++)
                solution[j * d + i] = (right[i * d + j] - Dot(lower.AsSpan(i * d + j, i - j), solution.AsSpan(j * d + j, i - j))) * inverse;
        }

        return solution;
    }

    /// <summary>L^-1 v, in place.</summary>
    public static void Solve(DoubleDouble[] lower, DoubleDouble[] v)
    {
        var d = v.Length;
        for (var i = 0; i < d; i++) v[i] = (v[i] - Dot(lower.AsSpan(i * d, i), v.AsSpan(0, i))) / lower[i * d + i];
    }

    /// <summary>L L^T, all of it.</summary>
    public static DoubleDouble[] Square(DoubleDouble[] lower, int d)
    {
        var square = new DoubleDouble[d * d];
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j <= i; j++) square[i * d + j] = square[j * d + i] = Dot(lower.AsSpan(i * d, j + 1), lower.AsSpan(j * d, j + 1));
        }

        return square;
    }

    private static DoubleDouble Dot(ReadOnlySpan<DoubleDouble> a, ReadOnlySpan<DoubleDouble> b)
    {
        var sum = DoubleDouble.Zero;
        for (var k = 0; k < a.Length; k++) sum += a[k] * b[k];
        return sum;
    }
}
