namespace KlCore.Numerics;

/// <summary>How the matrices of C = op(A) op(B) are stored, row by row.</summary>
/// <param name="M">Rows of C.</param>
/// <param name="N">Columns of C.</param>
/// <param name="K">Columns of op(A) and rows of op(B).</param>
/// <param name="Lda">How far it is from one row of what is stored as A to the next.</param>
/// <param name="TransposeA">Whether what is stored is k x m.</param>
/// <param name="Ldb">As <paramref name="Lda"/>.</param>
/// <param name="TransposeB">Whether what is stored is n x k.</param>
/// <param name="Ldc">As <paramref name="Lda"/>.</param>
internal readonly record struct MatrixShape(int M, int N, int K, int Lda, bool TransposeA, int Ldb, bool TransposeB, int Ldc)
{
    /// <summary>Throws unless everything that is read and written lies in the spans.</summary>
    public void Check(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, ReadOnlySpan<float> bias)
    {
        Check(a.Length, TransposeA ? K : M, TransposeA ? M : K, Lda, nameof(a));
        Check(b.Length, TransposeB ? N : K, TransposeB ? K : N, Ldb, nameof(b));
        Check(c.Length, M, N, Ldc, nameof(c));
        if (!bias.IsEmpty && bias.Length < N) throw new ArgumentException($"must hold {N} numbers or none, has {bias.Length}", nameof(bias));
    }

    /// <summary>The whole product as if it were one panel; its StepB is the distance of what is stored.</summary>
    public unsafe void Describe(ref MatrixPanel product, float* a, float* b, float* c, float* start)
    {
        product.A = a;
        product.B = b;
        product.C = c;
        product.Start = start;
        (product.RowA, product.StepA) = TransposeA ? (1, Lda) : (Lda, 1);
        (product.StepB, product.RowC, product.Depth) = (Ldb, Ldc, K);
    }

    private static void Check(int length, int rows, int columns, int stride, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (rows == 0 || columns == 0) return;
        if (rows > 1 && stride < columns) throw new ArgumentException($"must have rows of {columns} numbers that do not overlap, but they are {stride} apart", name);
        if ((rows - 1L) * stride + columns > length) throw new ArgumentException($"must hold {rows} rows of {columns}, {stride} apart; has {length} numbers", name);
    }
}
