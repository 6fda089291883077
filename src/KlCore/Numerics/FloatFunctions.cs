using System.Runtime.CompilerServices;

namespace KlCore.Numerics;

/// <summary>
/// The functions that networks are made of, for floats of any width, to within 1e-6 of themselves wherever the result is a normal number.
/// NaN gives NaN. The coefficients are minimax fits as those of <see cref="FloatSeries"/>.
/// </summary>
internal static class FloatFunctions
{
    private const float Log2E = 1.44269504f;

    /// <summary>What is left of log2 e beyond the float.</summary>
    private const float Log2ERest = 1.925963e-8f;

    /// <summary>e to this power is 0 among floats.</summary>
    private const float Vanishing = -110;

    /// <summary>e^x for x of at most 88; 0 for those below -104, -Infinity too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x) where T : struct, IFloatLanes<T>
    {
        x = T.Max(T.All(Vanishing), x);
        var power = T.Round(x * T.All(Log2E));
        var f = T.MultiplyAdd(x, T.All(Log2ERest), T.MultiplySubtract(x, T.All(Log2E), power));
        var z = f * f;
        var low = T.MultiplyAdd(f, T.All(0.693147f), T.All(1));
        var middle = T.MultiplyAdd(f, T.All(0.055507336f), T.All(0.24022242f));
        var high = T.MultiplyAdd(f, T.All(0.0013264728f), T.All(0.009671514f));
        return T.Scale(T.MultiplyAdd(T.MultiplyAdd(high, z, middle), z, low), power);
    }

    /// <summary>ln(1 + r) for r from 0 to 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LogOnePlus<T>(T r) where T : struct, IFloatLanes<T>
    {
        var sum = T.MultiplyAdd(r, T.All(0.005232688f), T.All(-0.029505214f));
        sum = T.MultiplyAdd(r, sum, T.All(0.07822591f));
        sum = T.MultiplyAdd(r, sum, T.All(-0.13663243f));
        sum = T.MultiplyAdd(r, sum, T.All(0.19106005f));
        sum = T.MultiplyAdd(r, sum, T.All(-0.24842982f));
        sum = T.MultiplyAdd(r, sum, T.All(0.33319098f));
        sum = T.MultiplyAdd(r, sum, T.All(-0.49999493f));
        return T.MultiplyAdd(r, sum, T.All(0.99999994f)) * r;
    }

    /// <summary>1 / (1 + e^-z), from e^-|z|, which cannot overflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid<T>(T z) where T : struct, IFloatLanes<T>
    {
        var small = Exp(T.All(0) - T.Abs(z));
        var large = T.All(1) / (T.All(1) + small);
        return T.Select(T.Less(z, T.All(0)), small * large, large);
    }

    /// <summary>tanh z = (1 - e^-2|z|) / (1 + e^-2|z|) with the sign of z; the numerator does not cancel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T z) where T : struct, IFloatLanes<T>
    {
        const float one = -40; // beyond half of this the result is 1
        var twice = T.All(0) - T.Max(T.All(one), T.Abs(z) * T.All(-2));
        var minus = FloatSeries.Expm1OfMinus(twice, out _);
        var size = minus / (T.All(2) + minus);
        return T.Select(T.Less(z, T.All(0)), size, T.All(0) - size);
    }

    /// <summary>ln(1 + e^z) = max(z, 0) + ln(1 + e^-|z|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Softplus<T>(T z) where T : struct, IFloatLanes<T> =>
        T.Max(T.All(0), z) + LogOnePlus(Exp(T.All(0) - T.Abs(z)));

    /// <summary>
    /// Phi(z), the distribution function of the standard normal, and e^(-z^2/2): below 0 the one is the other times s P(s) with s = 1 / (1 + 0.3|z|),
    /// so that it keeps its digits in the tail, and above 0 it is 1 less that.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T NormalDistribution<T>(T z, out T bell) where T : struct, IFloatLanes<T>
    {
        const float zero = -15; // that far out both are 0
        var x = T.Max(T.All(zero), T.All(0) - T.Abs(z));
        var square = x * x;
        // What the square lost by rounding matters to the exponential of a large one.
        var lost = T.MultiplySubtract(x, x, square);
        var e = Exp(square * T.All(-0.5f));
        bell = T.MultiplyAdd(lost * T.All(-0.5f), e, e);
        var s = T.All(1) / T.MultiplyAdd(x, T.All(-0.3f), T.All(1));
        var sum = T.MultiplyAdd(s, T.All(-0.02062467f), T.All(0.112442486f));
        sum = T.MultiplyAdd(s, sum, T.All(-0.22823068f));
        sum = T.MultiplyAdd(s, sum, T.All(0.19180864f));
        sum = T.MultiplyAdd(s, sum, T.All(-0.07944474f));
        sum = T.MultiplyAdd(s, sum, T.All(0.09616894f));
        sum = T.MultiplyAdd(s, sum, T.All(0.0783852f));
        sum = T.MultiplyAdd(s, sum, T.All(0.110236436f));
        sum = T.MultiplyAdd(s, sum, T.All(0.119571686f));
        sum = T.MultiplyAdd(s, sum, T.All(0.1196867f));
        var tail = bell * s * sum;
        return T.Select(T.Less(z, T.All(0)), tail, T.All(1) - tail);
    }
}
