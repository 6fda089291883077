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
    /// <summary>Over how many k a tile sums before it adds to C: 128 KB of B, which the second-level cache holds; and blocked sums are the more accurate.</summary>
    private const int MaximalDepth = 512;

    /// <summary>With fewer rows, reading B where it lies is faster than copying it.</summary>
    private const int RowsWorthPacking = 160;

    /// <summary>The same where the rows of B are a multiple of <see cref="Aliased"/> apart.</summary>
    private const int RowsWorthPackingAliased = 48;

    /// <summary>Floats in 4 KB: lines so far apart compete for the same few places in a cache.</summary>
    private const int Aliased = 1024;

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
        Run(new(m, n, k, lda, transposeA, ldb, transposeB, ldc), a, b, c, new() { IsAdded = accumulate }, []);

    /// <summary>
    /// C = op(A) op(B) + bias, the same numbers, if any, added to each row, and where <paramref name="rectify"/> says so the larger of that and 0: a layer
    /// of a network. NaN stays NaN.
    /// </summary>
    public static void Multiply(
        int m, int n, int k, ReadOnlySpan<float> a, int lda, bool transposeA, ReadOnlySpan<float> b, int ldb, bool transposeB, Span<float> c, int ldc,
        ReadOnlySpan<float> bias, bool rectify) =>
        Run(new(m, n, k, lda, transposeA, ldb, transposeB, ldc), a, b, c, new() { IsRectified = rectify }, bias);

    /// <summary>C = op(A) op(B), or C + op(A) op(B), with lanes of the caller's choice.</summary>
    public static void Multiply<TLanes>(MatrixShape shape, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, bool accumulate)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        shape.Check(a, b, c, []);
        var product = new MatrixPanel { IsAdded = accumulate };
        fixed (float* pa = a, pb = b, pc = c)
        {
            shape.Describe(ref product, pa, pb, pc, null);
            if (shape.M > 0 && shape.N > 0) Multiply<TLanes>(shape, product, 0, 1);
        }
    }

    /// <summary>
    /// One of so many parts of C, which is not empty: some of its panels, or some of its rows where there are fewer panels than parts.
    /// </summary>
    public static void Multiply(in MatrixShape shape, in MatrixPanel product, int part, int parts)
    {
        if (FloatLanes512.IsSupported) Multiply<FloatLanes512>(shape, product, part, parts);
        else if (FloatLanes256.IsSupported) Multiply<FloatLanes256>(shape, product, part, parts);
        else Multiply<FloatLanes32>(shape, product, part, parts);
    }

    private static void Run(MatrixShape shape, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, MatrixPanel product, ReadOnlySpan<float> bias)
    {
        shape.Check(a, b, c, bias);
        if (shape.M == 0 || shape.N == 0) return;
        fixed (float* pa = a, pb = b, pc = c, start = bias)
        {
            shape.Describe(ref product, pa, pb, pc, start);
            Multiply(shape, product, 0, 1);
        }
    }

    private static void Multiply<TLanes>(in MatrixShape shape, MatrixPanel product, int part, int parts) where TLanes : struct, IFloatLanes<TLanes>
    {
        var vectors = (shape.N + TLanes.Count - 1) / TLanes.Count;
        // Panels of nearly equal width, since narrow ones are slower.
        var panels = (vectors + MatrixTile.Width<TLanes>() - 1) / MatrixTile.Width<TLanes>();
        if (panels >= parts)
        {
            Panels<TLanes>(shape, product, shape.M, Share(panels, part, parts), Share(panels, part + 1, parts));
            return;
        }

        var (from, to) = (Share(shape.M, part, parts), Share(shape.M, part + 1, parts));
        product.A += from * product.RowA;
        product.C += from * product.RowC;
        if (to > from) Panels<TLanes>(shape, product, to - from, 0, panels);
    }

    [SkipLocalsInit]
    private static void Panels<TLanes>(in MatrixShape shape, in MatrixPanel product, int rows, int first, int last) where TLanes : struct, IFloatLanes<TLanes>
    {
        var vectors = (shape.N + TLanes.Count - 1) / TLanes.Count;
        var panels = (vectors + MatrixTile.Width<TLanes>() - 1) / MatrixTile.Width<TLanes>();
        var blocks = Math.Max(1, (shape.K + MaximalDepth - 1) / MaximalDepth);
        var depth = (shape.K + blocks - 1) / blocks;
        var isCopied = shape.TransposeB || rows >= (shape.Ldb % Aliased == 0 ? RowsWorthPackingAliased : RowsWorthPacking);
        // Without a copy there may yet be one of the last panel, whose columns may not fill their vectors.
        var stack = stackalloc byte[(isCopied || shape.N % TLanes.Count != 0 ? depth * MatrixTile.Width<TLanes>() * TLanes.Count * sizeof(float) : 0) + CacheLine];
        var buffer = (float*)(((nuint)stack + CacheLine - 1) & ~(nuint)(CacheLine - 1));
        for (var p = first; p < last; p++)
        {
            var (from, to) = (Share(vectors, p, panels), Share(vectors, p + 1, panels));
            var column = from * TLanes.Count;
            var columns = Math.Min(shape.N - column, (to - from) * TLanes.Count);
            for (var start = 0; start < Math.Max(1, shape.K); start += Math.Max(1, depth))
            {
                var panel = Block(product, start, Math.Min(depth, shape.K - start), column, shape.TransposeB);
                panel.Last = columns - (to - from - 1) * TLanes.Count;
                var padded = (to - from) * TLanes.Count;
                if (isCopied || columns < padded) Pack<TLanes>(ref panel, columns, padded, shape.TransposeB, buffer);
                MatrixTile.Multiply<TLanes>(panel, rows, to - from);
            }
        }
    }

    // Only the first block adds what C begins with, and only the last one rectifies.
    private static MatrixPanel Block(in MatrixPanel product, int start, int depth, int column, bool transposeB)
    {
        var panel = product;
        panel.Depth = depth;
        panel.A += start * product.StepA;
        panel.B += transposeB ? start + column * product.StepB : start * product.StepB + column;
        panel.C += column;
        panel.IsAdded |= start > 0;
        if (panel.Start != null) panel.Start = start > 0 ? null : panel.Start + column;
        panel.IsRectified &= start + depth == product.Depth;
        return panel;
    }

    private static int Share(int whole, int part, int parts) => (int)((long)whole * part / parts);

    private static void Pack<TLanes>(ref MatrixPanel panel, int columns, int padded, bool transpose, float* buffer)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        if (transpose) MatrixPacking.Transpose(panel.B, panel.StepB, panel.Depth, columns, padded, buffer);
        else MatrixPacking.Copy<TLanes>(panel.B, panel.StepB, panel.Depth, columns, padded, buffer);
        panel.B = buffer;
        panel.StepB = padded;
    }
}
