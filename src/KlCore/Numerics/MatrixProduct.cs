using System.Runtime.CompilerServices;

namespace KlCore.Numerics;

/// <summary>Products of matrices of floats, stored row by row.</summary>
/// <remarks>
/// C is cut into panels of up to four vectors of columns, and each panel into tiles of up to six rows (<see cref="MatrixTile"/>). A panel's
/// columns of B are copied to one stream where that pays (<see cref="MatrixPacking"/>), onto the stack: nothing is allocated and nothing is
/// kept between calls. Sums over k are cut into blocks that depend on k alone, so an element has the same bits in every shape of C.
/// </remarks>
internal static unsafe class MatrixProduct
{
    /// <summary>Over how many k a tile sums before it adds to C: 64 KB of B, which the second-level cache holds; and blocked sums are the more accurate.</summary>
    private const int MaximalDepth = 256;

    /// <summary>With fewer rows, reading B where it lies is faster than copying it.</summary>
    private const int RowsWorthPacking = 48;

    private const int CacheLine = 64;

    /// <summary>C = op(A) op(B), or C + op(A) op(B): m x k times k x n. No other elements are read or written.</summary>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Columns of op(A) and rows of op(B).</param>
    /// <param name="a">A, or its transpose where <paramref name="transposeA"/> says so.</param>
    /// <param name="lda">How far it is from one row of what is stored to the next.</param>
    /// <param name="transposeA">Whether what is stored is k x m.</param>
    /// <param name="b">B, or its transpose.</param>
    /// <param name="ldb">As <paramref name="lda"/>.</param>
    /// <param name="transposeB">Whether what is stored is n x k.</param>
    /// <param name="c">C; must not overlap the others.</param>
    /// <param name="ldc">As <paramref name="lda"/>.</param>
    /// <param name="accumulate">Whether C is added to.</param>
    public static void Multiply(
        int m, int n, int k, ReadOnlySpan<float> a, int lda, bool transposeA, ReadOnlySpan<float> b, int ldb, bool transposeB, Span<float> c, int ldc,
        bool accumulate = false) =>
        Run(m, n, k, a, lda, transposeA, b, ldb, transposeB, c, ldc, new() { IsAdded = accumulate }, []);

    /// <summary>The same with lanes of the caller's choice.</summary>
    internal static void Multiply<TLanes>(
        int m, int n, int k, ReadOnlySpan<float> a, int lda, bool transposeA, ReadOnlySpan<float> b, int ldb, bool transposeB, Span<float> c, int ldc,
        bool accumulate)
        where TLanes : struct, IFloatLanes<TLanes> =>
        Run<TLanes>(m, n, k, a, lda, transposeA, b, ldb, transposeB, c, ldc, new() { IsAdded = accumulate }, []);

    /// <summary>
    /// C = op(A) op(B) + bias, the same numbers, if any, added to each row, and where <paramref name="rectify"/> says so the larger of that and 0: a layer of a
    /// network. NaN stays NaN.
    /// </summary>
    public static void Multiply(
        int m, int n, int k, ReadOnlySpan<float> a, int lda, bool transposeA, ReadOnlySpan<float> b, int ldb, bool transposeB, Span<float> c, int ldc,
        ReadOnlySpan<float> bias, bool rectify)
    {
        if (!bias.IsEmpty && bias.Length < n) throw new ArgumentException($"must hold {n} numbers or none, has {bias.Length}", nameof(bias));
        Run(m, n, k, a, lda, transposeA, b, ldb, transposeB, c, ldc, new() { IsRectified = rectify }, bias);
    }

    private static void Run(
        int m, int n, int k, ReadOnlySpan<float> a, int lda, bool transposeA, ReadOnlySpan<float> b, int ldb, bool transposeB, Span<float> c, int ldc,
        MatrixPanel product, ReadOnlySpan<float> bias)
    {
        if (FloatLanes512.IsSupported) Run<FloatLanes512>(m, n, k, a, lda, transposeA, b, ldb, transposeB, c, ldc, product, bias);
        else if (FloatLanes256.IsSupported) Run<FloatLanes256>(m, n, k, a, lda, transposeA, b, ldb, transposeB, c, ldc, product, bias);
        else Run<FloatLanes32>(m, n, k, a, lda, transposeA, b, ldb, transposeB, c, ldc, product, bias);
    }

    private static void Run<TLanes>(
        int m, int n, int k, ReadOnlySpan<float> a, int lda, bool transposeA, ReadOnlySpan<float> b, int ldb, bool transposeB, Span<float> c, int ldc,
        MatrixPanel product, ReadOnlySpan<float> bias)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        Check(a.Length, transposeA ? k : m, transposeA ? m : k, lda, nameof(a));
        Check(b.Length, transposeB ? n : k, transposeB ? k : n, ldb, nameof(b));
        Check(c.Length, m, n, ldc, nameof(c));
        if (m == 0 || n == 0) return;
        fixed (float* pa = a, pb = b, pc = c, start = bias)
        {
            product.A = pa;
            product.B = pb;
            product.C = pc;
            product.Start = start;
            (product.RowA, product.StepA) = transposeA ? (1, lda) : (lda, 1);
            (product.StepB, product.RowC, product.Depth) = (ldb, ldc, k);
            Multiply<TLanes>(product, m, n, transposeB);
        }
    }

    // The product comes as if it were one panel; its StepB is the distance of what is stored.
    [SkipLocalsInit]
    private static void Multiply<TLanes>(in MatrixPanel product, int m, int n, bool transposeB) where TLanes : struct, IFloatLanes<TLanes>
    {
        var stack = stackalloc byte[MaximalDepth * MatrixTile.Width<TLanes>() * TLanes.Count * sizeof(float) + CacheLine];
        var buffer = (float*)(((nuint)stack + CacheLine - 1) & ~(nuint)(CacheLine - 1));
        var vectors = (n + TLanes.Count - 1) / TLanes.Count;
        var panels = (vectors + MatrixTile.Width<TLanes>() - 1) / MatrixTile.Width<TLanes>();
        var blocks = Math.Max(1, (product.Depth + MaximalDepth - 1) / MaximalDepth);
        var depth = (product.Depth + blocks - 1) / blocks;
        // Panels of nearly equal width, since narrow ones are slower.
        for (int p = 1, from = 0; p <= panels; p++)
        {
            var to = (int)((long)vectors * p / panels);
            var column = from * TLanes.Count;
            var columns = Math.Min(n - column, (to - from) * TLanes.Count);
            for (var block = 0; block < blocks; block++)
            {
                var panel = Block(product, block * depth, depth, column);
                panel.Last = columns - (to - from - 1) * TLanes.Count;
                Pack<TLanes>(ref panel, columns, (to - from) * TLanes.Count, transposeB, m, buffer);
                MatrixTile.Multiply<TLanes>(panel, m, to - from);
            }

            from = to;
        }

        MatrixPanel Block(in MatrixPanel product, int start, int depth, int column)
        {
            var panel = product;
            panel.Depth = Math.Min(depth, product.Depth - start);
            panel.A += start * product.StepA;
            panel.B += transposeB ? start + column * product.StepB : start * product.StepB + column;
            panel.C += column;
            panel.IsAdded |= start > 0;
            if (panel.Start != null) panel.Start = start > 0 ? null : panel.Start + column;
            panel.IsRectified &= start + panel.Depth == product.Depth;
            return panel;
        }
    }

    private static void Pack<TLanes>(ref MatrixPanel panel, int columns, int padded, bool transpose, int rows, float* buffer)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        if (!transpose && columns == padded && rows < RowsWorthPacking) return;
        if (transpose) MatrixPacking.Transpose(panel.B, panel.StepB, panel.Depth, columns, padded, buffer);
        else MatrixPacking.Copy<TLanes>(panel.B, panel.StepB, panel.Depth, columns, padded, buffer);
        panel.B = buffer;
        panel.StepB = padded;
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
