using System.Runtime.CompilerServices;

namespace KlCore.Numerics;

/// <summary>
/// An unevaluated sum of two doubles, about 32 significant digits: |Lo| is at most half a unit in the last place of Hi. Products rely
/// on the fused multiply-add. Overflow and subnormal products are the caller's concern.
/// Source: T. J. Dekker, "A floating-point technique for extending the available precision", Numerische Mathematik 18 (1971).
/// </summary>
internal readonly record struct DoubleDouble(double Hi, double Lo)
{
    public static readonly DoubleDouble Zero = new(0, 0);
    public static readonly DoubleDouble One = new(1, 0);
    public static readonly DoubleDouble Ln2 = new(0.6931471805599453, 2.3190468138462996e-17);

    public double Value => Hi + Lo;

    public static implicit operator DoubleDouble(double value) => new(value, 0);

    /// <summary>a + b without error.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDouble Sum(double a, double b)
    {
        var sum = a + b;
        var part = sum - a;
        return new(sum, (a - (sum - part)) + (b - part));
    }

    /// <summary>a * b without error, as long as the product is normal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDouble Product(double a, double b)
    {
        var product = a * b;
        return new(product, Math.FusedMultiplyAdd(a, b, -product));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDouble operator +(DoubleDouble a, DoubleDouble b)
    {
        var high = Sum(a.Hi, b.Hi);
        var low = Sum(a.Lo, b.Lo);
        high = Renormalise(high.Hi, high.Lo + low.Hi);
        return Renormalise(high.Hi, high.Lo + low.Lo);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDouble operator -(DoubleDouble a, DoubleDouble b) => a + -b;

    public static DoubleDouble operator -(DoubleDouble a) => new(-a.Hi, -a.Lo);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDouble operator *(DoubleDouble a, DoubleDouble b)
    {
        var product = Product(a.Hi, b.Hi);
        return Renormalise(product.Hi, product.Lo + Math.FusedMultiplyAdd(a.Hi, b.Lo, a.Lo * b.Hi));
    }

    public static DoubleDouble operator /(DoubleDouble a, DoubleDouble b)
    {
        var first = a.Hi / b.Hi;
        var rest = a - b * first;
        var second = rest.Hi / b.Hi;
        rest -= b * second;
        return Renormalise(first, second) + rest.Hi / b.Hi;
    }

    /// <summary>The root, to about 1e-32 relative; the argument is not negative.</summary>
    public static DoubleDouble Sqrt(DoubleDouble x)
    {
        if (x.Hi == 0) return Zero;
        var root = Math.Sqrt(x.Hi);
        return Renormalise(root, (x - Product(root, root)).Hi / (2 * root));
    }

    /// <summary>x 2^exponent, exact where nothing under- or overflows.</summary>
    public DoubleDouble ScaleB(int exponent) => new(Math.ScaleB(Hi, exponent), Math.ScaleB(Lo, exponent));

    public static bool operator <(DoubleDouble a, DoubleDouble b) => a.Hi < b.Hi || (a.Hi == b.Hi && a.Lo < b.Lo);

    public static bool operator >(DoubleDouble a, DoubleDouble b) => b < a;

    /// <summary>
    /// e^x to about 1e-30 relative: x = k ln 2 + 512 r, a Taylor series in r, and nine squarings of e^r - 1. Zero below -745.
    /// </summary>
    public static DoubleDouble Exp(DoubleDouble x)
    {
        if (x.Hi < -745) return Zero;
        var k = Math.Round(x.Hi / Ln2.Hi);
        var reduced = x - Ln2 * k;
        var r = new DoubleDouble(reduced.Hi / 512, reduced.Lo / 512);
        var term = r;
        var minusOne = r;
        for (var n = 2; n <= 10; n++)
        {
            term = term * r / (double)n;
            minusOne += term;
        }

        // (1 + y)^2 - 1 = 2y + y^2 keeps the small part small, so that squaring does not amplify the rounding of 1 + y.
        for (var i = 0; i < 9; i++) minusOne = minusOne + minusOne + minusOne * minusOne;
        var result = One + minusOne;
        return new(Math.ScaleB(result.Hi, (int)k), Math.ScaleB(result.Lo, (int)k));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static DoubleDouble Renormalise(double a, double b)
    {
        var sum = a + b;
        return new(sum, b - (sum - a));
    }
}
