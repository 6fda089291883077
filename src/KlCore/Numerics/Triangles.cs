namespace KlCore.Numerics;

/// <summary>Lower triangular matrices of a few rows, row after row.</summary>
internal static class Triangles
{
    /// <summary>The product of two.</summary>
    public static void Multiply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int d, Span<double> product)
    {
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = 0.0;
                for (var k = j; k <= i; k++) sum += a[i * d + k] * b[k * d + j];
                product[i * d + j] = sum;
            }
        }
    }

    /// <summary>L L^T, both halves.</summary>
    public static void Square(ReadOnlySpan<double> lower, int d, Span<double> square)
    {
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = 0.0;
                for (var k = 0; k <= j; k++) sum += lower[i * d + k] * lower[j * d + k];
                square[i * d + j] = square[j * d + i] = sum;
            }
        }
    }

    /// <summary>A^-1 B, in the place of B.</summary>
    public static void Divide(ReadOnlySpan<double> a, Span<double> b, int d)
    {
        for (var j = 0; j < d; j++)
        {
            for (var i = j; i < d; i++)
            {
                var rest = b[i * d + j];
                for (var k = j; k < i; k++) rest -= a[i * d + k] * b[k * d + j];
                b[i * d + j] = rest / a[i * d + i];
            }
        }
    }
}
