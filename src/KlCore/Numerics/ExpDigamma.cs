using System.Runtime.CompilerServices;

namespace KlCore.Numerics;

/// <summary>
/// exp(psi(x)) for positive floats without a logarithm. By the recurrence of psi it is exp(psi(x + 4)) exp(-s) with
/// s = 1/x + 1/(x+1) + 1/(x+2) + 1/(x+3), and exp(psi(y + 1/2)) = y + 1/(24 y) - 37/(5760 y^3) + 10313/(2903040 y^5) - ...
/// Relative error below 1e-6, and below 1e-7 s where s is large; 0 where the value is below 1e-38 or so.
/// </summary>
/// <remarks>The series: M. Abramowitz, I. Stegun, "Handbook of Mathematical Functions" (1964), 6.3, exponentiated.</remarks>
internal static class ExpDigamma
{
    /// <summary>exp(psi(x)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x) where T : struct, IFloatLanes<T> => Far(x) * Exp(T.All(0) - Shift(x));

    /// <summary>s, by which psi(x) is less than psi(x + 4).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Shift<T>(T x) where T : struct, IFloatLanes<T>
    {
        // 1/x + 1/(x+3) and 1/(x+1) + 1/(x+2) have the same numerator.
        var p = T.MultiplyAdd(x, x, x * T.All(3));
        var q = p + T.All(2);
        return (x + x + T.All(3)) * (p + q) / (p * q);
    }

    /// <summary>exp(psi(x + 4)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Far<T>(T x) where T : struct, IFloatLanes<T>
    {
        var y = x + T.All(3.5f);
        var r = T.All(1) / y;
        var z = r * r;
        var series = T.MultiplyAdd(z, T.All((float)(-5509121.0 / 1393459200)), T.All((float)(10313.0 / 2903040)));
        series = T.MultiplyAdd(series, z, T.All((float)(-37.0 / 5760)));
        series = T.MultiplyAdd(series, z, T.All((float)(1.0 / 24)));
        return T.MultiplyAdd(series, r, y);
    }

    /// <summary>e^x for x of at most 88; 0 for those below -104.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x) where T : struct, IFloatLanes<T> => FloatSeries.Exp2(T.Max(T.All(-200), x), T.All(1.44269504f));
}
