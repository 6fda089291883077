using KlCore.Numerics;

namespace KlCore.Tests.Numerics;

/// <summary>Products in all variants, sizes and widths against sums in doubles.</summary>
public class MatrixProductTests
{
    private const float Guard = 12345.678f;

    private static readonly int[] Sizes = [0, 1, 2, 3, 5, 6, 7, 8, 13, 16, 17, 31, 33, 47, 53, 64, 65, 67, 100, 131];

    public static TheoryData<bool, bool> Variants => new() { { false, false }, { true, false }, { false, true }, { true, true } };

    [Theory]
    [MemberData(nameof(Variants))]
    public void Multiply_AnySize_IsTheSumOfProducts(bool transposeA, bool transposeB)
    {
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            var (m, n, k) = (Size(), Size(), Size());
            Check(new Case(m, n, k, transposeA, transposeB, random.Next(4), random.Next(3), random.Next(20)), i % 2 == 0, random);
        }

        int Size() => Sizes[random.Next(Sizes.Length)];
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Multiply_MoreThanOneBlockOfK_IsTheSumOfProducts(bool transposeA, bool transposeB)
    {
        foreach (var k in new[] { 511, 512, 513, 1031, 1537 })
            Check(new Case(19, 83, k, transposeA, transposeB, 3, 1, 5), true, new Random(k));
    }

    [Fact]
    public void Multiply_Bias_IsAddedToEachRowAndRectified()
    {
        var random = new Random(3);
        foreach (var (m, n, k) in new[] { (1, 1, 0), (7, 10, 3), (32, 64, 100), (50, 37, 300), (5, 129, 600), (170, 32, 1100) })
        {
            float[] a = Numbers(m * k, random), b = Numbers(k * n, random), bias = Numbers(n, random);
            foreach (var rectify in new[] { false, true })
            {
                var c = Enumerable.Repeat(Guard, m * n).ToArray();
                MatrixProduct.Multiply(m, n, k, a, k, false, b, n, false, c, n, bias, rectify);
                for (var i = 0; i < m; i++)
                    for (var j = 0; j < n; j++)
                    {
                        var (sum, size) = ((double)bias[j], Math.Abs((double)bias[j]));
                        for (var l = 0; l < k; l++) (sum, size) = (sum + (double)a[i * k + l] * b[l * n + j], size + Math.Abs((double)a[i * k + l] * b[l * n + j]));
                        Assert.InRange(c[i * n + j] - (rectify ? Math.Max(0, sum) : sum), -Tolerance(k) * size, Tolerance(k) * size);
                    }
            }
        }
    }

    [Fact]
    public void Multiply_NotANumber_Stays()
    {
        float[] a = [1, float.NaN], b = [1, 1], c = [0, 0];
        MatrixProduct.Multiply(2, 1, 1, a, 1, false, b, 1, false, c, 1, [0f], true);
        Assert.Equal([1, float.NaN], c);
    }

    [Fact]
    public void Multiply_RowsOfAnyBatch_HaveTheSameBits()
    {
        const int n = 75, k = 701;
        var random = new Random(5);
        float[] a = Numbers(201 * k, random), b = Numbers(k * n, random), all = new float[201 * n];
        MatrixProduct.Multiply(201, n, k, a, k, false, b, n, false, all, n);
        foreach (var (first, rows) in new[] { (0, 1), (3, 5), (40, 32), (7, 94), (1, 200) })
        {
            var some = new float[rows * n];
            MatrixProduct.Multiply(rows, n, k, a.AsSpan(first * k), k, false, b, n, false, some, n);
            Assert.Equal(all.AsSpan(first * n, rows * n).ToArray(), some);
        }
    }

    [Fact]
    public void Multiply_BothWidthsOfVectors_GiveTheSameBits()
    {
        if (!FloatLanes512.IsSupported) return;
        var random = new Random(6);
        foreach (var transposeB in new[] { false, true })
        {
            var shape = new Case(37, 90, 577, false, transposeB, 0, 0, 0);
            float[] a = Numbers(shape.M * shape.K, random), b = Numbers(shape.K * shape.N, random);
            float[] wide = new float[shape.M * shape.N], narrow = new float[shape.M * shape.N];
            shape.Multiply<FloatLanes512>(a, b, wide, false);
            shape.Multiply<FloatLanes256>(a, b, narrow, false);
            Assert.Equal(wide, narrow);
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Multiply_ByAllThreads_HasTheSameBits(bool transposeA, bool transposeB)
    {
        var parallel = new ParallelProduct();
        var random = new Random(9);
        // The last two are too small to be shared, or empty.
        foreach (var (m, n, k) in new[] { (130, 512, 300), (997, 70, 257), (3, 1500, 1200), (1500, 3, 1200), (64, 64, 64), (0, 5, 5) })
        {
            float[] a = Numbers(m * k, random), b = Numbers(k * n, random), one = Numbers(m * n, random), all = [.. one];
            var (lda, ldb) = (transposeA ? m : k, transposeB ? k : n);
            MatrixProduct.Multiply(m, n, k, a, lda, transposeA, b, ldb, transposeB, one, n, accumulate: true);
            parallel.Multiply(m, n, k, a, lda, transposeA, b, ldb, transposeB, all, n, accumulate: true);
            Assert.Equal(one, all);
            var bias = Numbers(n, random);
            MatrixProduct.Multiply(m, n, k, a, lda, transposeA, b, ldb, transposeB, one, n, bias, rectify: true);
            parallel.Multiply(m, n, k, a, lda, transposeA, b, ldb, transposeB, all, n, bias, rectify: true);
            Assert.Equal(one, all);
        }
    }

    [Fact]
    public void Multiply_TooShortOrOverlapping_IsRefused()
    {
        float[] six = new float[6], five = new float[5];
        Assert.Throws<ArgumentException>("a", () => MatrixProduct.Multiply(2, 2, 3, five, 3, false, six, 2, false, new float[4], 2));
        Assert.Throws<ArgumentException>("b", () => MatrixProduct.Multiply(2, 2, 3, six, 3, false, five, 2, false, new float[4], 2));
        Assert.Throws<ArgumentException>("c", () => MatrixProduct.Multiply(2, 2, 3, six, 3, false, six, 2, false, new float[3], 2));
        Assert.Throws<ArgumentException>("c", () => MatrixProduct.Multiply(2, 2, 3, six, 3, false, six, 2, false, new float[4], 1));
        Assert.Throws<ArgumentException>("a", () => MatrixProduct.Multiply(2, 2, 3, six, 2, false, six, 2, false, new float[4], 2));
        Assert.Throws<ArgumentException>("bias", () => MatrixProduct.Multiply(2, 2, 3, six, 3, false, six, 2, false, new float[4], 2, [1f], false));
    }

    [Fact]
    public void Multiply_Always_AllocatesNothing()
    {
        float[] a = new float[60 * 300], b = new float[300 * 100], c = new float[60 * 100];
        MatrixProduct.Multiply(60, 100, 300, a, 300, false, b, 300, true, c, 100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 3; i++) MatrixProduct.Multiply(60, 100, 300, a, 300, false, b, 300, true, c, 100);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Multiply_ByAllThreads_AllocatesNothing()
    {
        var parallel = new ParallelProduct();
        float[] a = new float[128 * 300], b = new float[300 * 300], c = new float[128 * 300];
        parallel.Multiply(128, 300, 300, a, 300, false, b, 300, true, c, 300);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 3; i++) parallel.Multiply(128, 300, 300, a, 300, false, b, 300, true, c, 300);
        // The queue of the thread pool grows by a segment of a few kilobytes now and then.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    // Rounding errors of k products and sums are at most k half-units of the sum of absolute values.
    private static double Tolerance(int k) => (k + 2) * 6e-8;

    private static float[] Numbers(int count, Random random) => [.. Enumerable.Range(0, count).Select(_ => (float)(2 * random.NextDouble() - 1))];

    private static void Check(Case shape, bool accumulate, Random random)
    {
        var (m, n, k) = (shape.M, shape.N, shape.K);
        var (rowsA, columnsA) = shape.TransposeA ? (k, m) : (m, k);
        var (rowsB, columnsB) = shape.TransposeB ? (n, k) : (k, n);
        // Whatever lies between the rows is NaN, which would show in any sum that it got into.
        float[] a = Rows(rowsA, columnsA, shape.GapA, random), b = Rows(rowsB, columnsB, shape.GapB, random), before = Rows(m, n, shape.GapC, random);
        Verify(c => shape.Multiply(a, b, c, accumulate));
        Verify(c => shape.Multiply<FloatLanes32>(a, b, c, accumulate));
        if (FloatLanes256.IsSupported) Verify(c => shape.Multiply<FloatLanes256>(a, b, c, accumulate));

        void Verify(Action<float[]> multiply)
        {
            var c = before.ToArray();
            multiply(c);
            var width = n + shape.GapC;
            for (var at = 0; at < c.Length; at++)
            {
                var (i, j) = width == 0 ? (m, n) : (at / width, at % width);
                if (i >= m || j >= n)
                {
                    Assert.Equal(before[at], c[at]);
                    continue;
                }

                var (sum, size) = accumulate ? ((double)before[at], Math.Abs((double)before[at])) : (0, 0);
                for (var l = 0; l < k; l++)
                {
                    var product = (double)a[shape.TransposeA ? l * (columnsA + shape.GapA) + i : i * (columnsA + shape.GapA) + l]
                        * b[shape.TransposeB ? j * (columnsB + shape.GapB) + l : l * (columnsB + shape.GapB) + j];
                    (sum, size) = (sum + product, size + Math.Abs(product));
                }

                if (!(Math.Abs(c[at] - sum) <= Tolerance(k) * size)) Assert.Fail($"{shape}: ({i}, {j}) is {c[at]}, must be {sum}");
            }
        }
    }

    private static float[] Rows(int rows, int columns, int gap, Random random)
    {
        var width = columns + gap;
        return [.. Enumerable.Range(0, rows * width).Select(at => at % width < columns ? (float)(2 * random.NextDouble() - 1) : float.NaN), .. Enumerable.Repeat(Guard, 70)];
    }

    private sealed record Case(int M, int N, int K, bool TransposeA, bool TransposeB, int GapA, int GapB, int GapC)
    {
        private int Lda => (TransposeA ? M : K) + GapA;

        private int Ldb => (TransposeB ? K : N) + GapB;

        private int Ldc => N + GapC;

        public void Multiply(float[] a, float[] b, float[] c, bool accumulate) =>
            MatrixProduct.Multiply(M, N, K, a, Lda, TransposeA, b, Ldb, TransposeB, c, Ldc, accumulate);

        public void Multiply<TLanes>(float[] a, float[] b, float[] c, bool accumulate) where TLanes : struct, IFloatLanes<TLanes> =>
            MatrixProduct.Multiply<TLanes>(new(M, N, K, Lda, TransposeA, Ldb, TransposeB, Ldc), a, b, c, accumulate);
    }
}
