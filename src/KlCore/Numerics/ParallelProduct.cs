namespace KlCore.Numerics;

/// <summary>
/// Products of matrices by as many threads as are free. C is cut into the same parts whoever computes them, and no element of C depends on the part it is
/// in: the bits are those of <see cref="MatrixProduct"/>. Nothing is allocated for a product; an object serves one at a time.
/// </summary>
internal sealed unsafe class ParallelProduct() : PartedWork(ParallelProduct.MostParts)
{
    /// <summary>More than there usually are cores for one training, so that a late helper is no loss.</summary>
    private const int MostParts = 4;

    /// <summary>Below this many multiplications and additions, which one core does in 50 us, calling helpers takes longer than they save.</summary>
    private const double WorthSharing = 1e7;

    private MatrixShape _shape;
    private MatrixPanel _product;

    /// <summary>C = op(A) op(B), or C + op(A) op(B), as <see cref="MatrixProduct"/> does it.</summary>
    public void Multiply(
        int m, int n, int k, ReadOnlySpan<float> a, int lda, bool transposeA, ReadOnlySpan<float> b, int ldb, bool transposeB, Span<float> c, int ldc,
        bool accumulate = false) =>
        Run(new(m, n, k, lda, transposeA, ldb, transposeB, ldc), a, b, c, new() { IsAdded = accumulate }, []);

    /// <summary>C = op(A) op(B) + bias, rectified or not, as <see cref="MatrixProduct"/> does it.</summary>
    public void Multiply(
        int m, int n, int k, ReadOnlySpan<float> a, int lda, bool transposeA, ReadOnlySpan<float> b, int ldb, bool transposeB, Span<float> c, int ldc,
        ReadOnlySpan<float> bias, bool rectify) =>
        Run(new(m, n, k, lda, transposeA, ldb, transposeB, ldc), a, b, c, new() { IsRectified = rectify }, bias);

    /// <inheritdoc/>
    protected override void Do(int part) => MatrixProduct.Multiply(_shape, _product, part, Parts);

    private void Run(MatrixShape shape, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, MatrixPanel product, ReadOnlySpan<float> bias)
    {
        shape.Check(a, b, c, bias);
        if (shape.M == 0 || shape.N == 0) return;
        fixed (float* pa = a, pb = b, pc = c, start = bias)
        {
            shape.Describe(ref product, pa, pb, pc, start);
            if (2.0 * shape.M * shape.N * shape.K < WorthSharing || Environment.ProcessorCount == 1)
            {
                MatrixProduct.Multiply(shape, product, 0, 1);
                return;
            }

            // The memory lies still until all parts are done, and nobody looks at it afterwards.
            (_shape, _product) = (shape, product);
            Run();
            _product = default;
        }
    }
}
