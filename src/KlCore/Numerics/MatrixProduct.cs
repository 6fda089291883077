using System.Numerics;

namespace KlCore.Numerics;

/// <summary>Products of matrices of floats, row by row.</summary>
internal static class MatrixProduct
{
    /// <summary>C = op(A) op(B), or C += op(A) op(B), where op is the transposition or nothing.</summary>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Columns of op(A), rows of op(B).</param>
    /// <param name="a">A: m by k, or k by m where it is transposed.</param>
    /// <param name="lda">From one row of A to the next.</param>
    /// <param name="transposeA">Whether A is to be transposed.</param>
    /// <param name="b">B: k by n, or n by k where it is transposed.</param>
    /// <param name="ldb">From one row of B to the next.</param>
    /// <param name="transposeB">Whether B is to be transposed.</param>
    /// <param name="c">C.</param>
    /// <param name="ldc">From one row of C to the next.</param>
    /// <param name="accumulate">Whether the product is added to C.</param>
    public static void Multiply(
        int m, int n, int k, ReadOnlySpan<float> a, int lda, bool transposeA, ReadOnlySpan<float> b, int ldb, bool transposeB, Span<float> c, int ldc, bool accumulate = false)
    {
        for (var i = 0; i < m; i++)
        {
            var row = c.Slice(i * ldc, n);
            if (!accumulate) row.Clear();
            for (var l = 0; l < k; l++)
            {
                var factor = transposeA ? a[l * lda + i] : a[i * lda + l];
                if (transposeB)
                    for (var j = 0; j < n; j++) row[j] += factor * b[j * ldb + l];
                else
                    AddMultiple(b.Slice(l * ldb, n), factor, row);
            }
        }
    }

    private static void AddMultiple(ReadOnlySpan<float> x, float factor, Span<float> y)
    {
        var j = 0;
        var all = new Vector<float>(factor);
        for (; j <= y.Length - Vector<float>.Count; j += Vector<float>.Count)
            (new Vector<float>(y[j..]) + all * new Vector<float>(x[j..])).CopyTo(y[j..]);
        for (; j < y.Length; j++) y[j] += factor * x[j];
    }
}
