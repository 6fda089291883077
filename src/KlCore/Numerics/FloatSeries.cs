using System.Runtime.CompilerServices;

namespace KlCore.Numerics;

/// <summary>
/// Functions of floats, written once for all widths. The coefficients are minimax fits (least squares, reweighted by Lawson's rule until
/// the errors are level), whose error is below 2e-8 of the value, and below 1e-7 in <see cref="Exp2"/>; what is left is rounding.
/// </summary>
internal static class FloatSeries
{
    private const float Log2E = 1.44269504f;
    private const float Ln2 = 0.693147182f;

    /// <summary>3 2^22: an integer added to it is in the low bits.</summary>
    private const float Shifter = 12582912;

    /// <summary>Up to which u the series of <see cref="Topsoe"/> holds.</summary>
    private const float Near = 2.5f;

    /// <summary>
    /// 2^(x factor) for products of at most 127; 0 for those below -150. For products beyond 10^7 anything, in the end NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp2<T>(T x, T factor) where T : struct, IFloatLanes<T>
    {
        var power = T.Round(x * factor);
        var f = T.MultiplySubtract(x, factor, power);
        // By Estrin's scheme, which waits less.
        var z = f * f;
        var low = T.MultiplyAdd(f, T.All(0.693147f), T.All(1));
        var middle = T.MultiplyAdd(f, T.All(0.055507336f), T.All(0.24022242f));
        var high = T.MultiplyAdd(f, T.All(0.0013264728f), T.All(0.009671514f));
        return T.Scale(T.MultiplyAdd(T.MultiplyAdd(high, z, middle), z, low), power);
    }

    /// <summary>
    /// e^-d - 1, and as <paramref name="excess"/> d - 1 + e^-d, which is never negative; for |d| of at most 87. With d = s - n ln 2 the
    /// excess is 2^n (e^-s - 1 + s) + (2^n - 1)(1 - s) - n ln 2, of which only the first is left where n = 0: nothing cancels.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Expm1OfMinus<T>(T d, out T excess) where T : struct, IFloatLanes<T>
    {
        var shifted = T.MultiplyAdd(d, T.All(-Log2E), T.All(Shifter));
        var shift = (shifted - T.All(Shifter)) * T.All(Ln2);
        var power = T.PowerOfTwo(shifted);
        var s = d + shift;
        var z = s * s;
        var low = T.MultiplyAdd(s, T.All(-0.16666576f), T.All(0.5f));
        var high = T.MultiplyAdd(s, T.All(-0.008363175f), T.All(0.041666374f));
        high = T.MultiplyAdd(z, T.All(0.001394111f), high);
        var rest = T.MultiplyAdd(high, z, low) * z;
        var step = power - T.All(1);
        excess = T.MultiplyAdd(power, rest, T.MultiplySubtract(step, T.All(1) - s, shift));
        return T.MultiplyAdd(rest - s, power, step);
    }

    /// <summary>e^(-u/2) - 1 for u of at least 0, and e^(-u/2) itself, each to its own digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Expm1OfHalf<T>(T u, out T root) where T : struct, IFloatLanes<T>
    {
        var half = T.Max(T.All(-86), u * T.All(-0.5f));
        var shifted = T.MultiplyAdd(half, T.All(Log2E), T.All(Shifter));
        var s = T.MultiplyAdd(shifted - T.All(Shifter), T.All(-Ln2), half);
        var power = T.PowerOfTwo(shifted);
        var z = s * s;
        var low = T.MultiplyAdd(s, T.All(0.16666576f), T.All(0.5f));
        var high = T.MultiplyAdd(s, T.All(0.008363175f), T.All(0.041666374f));
        high = T.MultiplyAdd(z, T.All(0.001394111f), high);
        var excess = T.MultiplyAdd(T.MultiplyAdd(high, z, low), z, s);
        root = T.MultiplyAdd(excess, power, power);
        return T.MultiplyAdd(excess, power, power - T.All(1));
    }

    /// <summary>
    /// (1 + r) ln(2 / (1 + r)) - r u with r = e^-u for u from 0 to 87, given sqrt r: what p ln(2p/(p+q)) + q ln(2q/(p+q)) is for each unit of
    /// the larger. Up to u = 5/2 as sqrt(r) u^2 (1/4 + u^4/4608 - ...), beyond by ln(1 + r), for which there is seldom a need.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Topsoe<T>(T u, T root) where T : struct, IFloatLanes<T>
    {
        var z = u * u;
        var z2 = z * z;
        var even = T.MultiplyAdd(z, T.All(-3.4932064e-08f), T.All(6.6818984e-07f));
        even = T.MultiplyAdd(z2, T.All(1.0189973e-09f), even);
        even = T.MultiplyAdd(even, z2, T.MultiplyAdd(z, T.All(-1.0778591e-05f), T.All(0.00021697278f)));
        var near = root * z * T.MultiplyAdd(even, z2, T.All(0.25f));
        if (!T.IsAnyLess(T.All(Near), u)) return near;
        var r = root * root;
        var square = r * r;
        var low = T.MultiplyAdd(r, T.All(-1), T.All(Ln2));
        var middle = T.MultiplyAdd(r, T.All(-0.33327559f), T.All(0.49999872f));
        var high = T.MultiplyAdd(r, T.All(-0.19184269f), T.All(0.24901713f));
        var highest = T.MultiplyAdd(r, T.All(-0.052653626f), T.All(0.1302387f));
        high = T.MultiplyAdd(highest, square, high);
        var log = T.MultiplyAdd(T.MultiplyAdd(high, square, middle), square, low);
        return T.Select(T.Less(T.All(Near), u), T.MultiplyAdd(log, r, log) - r * u, near);
    }
}
