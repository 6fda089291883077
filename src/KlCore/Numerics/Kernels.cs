using System.Runtime.CompilerServices;

namespace KlCore.Numerics;

/// <summary>What one category adds to a sum, written once for all widths; at p = q = 0 it adds 0.</summary>
internal interface IKernel
{
    /// <summary>The term of p, q and q - p.</summary>
    static abstract TLanes Of<TLanes>(TLanes p, TLanes q, TLanes difference) where TLanes : struct, ILanes<TLanes>;
}

/// <summary>
/// p ln(p/q) - p + q, never negative: q at p = 0, +Infinity at q = 0 &lt; p. Near p = q as p (tail) - d s, where nothing cancels.
/// </summary>
internal readonly struct ForwardKernel : IKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes p, TLanes q, TLanes difference) where TLanes : struct, ILanes<TLanes> =>
        Of(p, q, difference, new LogQuotient<TLanes>(p, q, difference));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes p, TLanes q, TLanes difference, LogQuotient<TLanes> log) where TLanes : struct, ILanes<TLanes>
    {
        var zero = TLanes.All(0);
        var rest = TLanes.Select(log.IsNear, -difference * log.S, TLanes.MultiplyAdd(p, log.Head, difference));
        var term = TLanes.MultiplyAdd(p, log.Tail, rest);
        term = TLanes.Select(TLanes.AtMost(q, zero), TLanes.All(double.PositiveInfinity), term);
        return TLanes.Select(TLanes.AtMost(p, zero), difference, term);
    }
}

/// <summary>
/// p ln(p/m) + q ln(q/m), m = (p + q)/2, never negative and never infinite. Near p = q as m (x^2 + x^4/6 + x^6/15 + ...) with
/// x = (q - p)/(p + q); elsewhere as -(p + q) ln(m/h) - l ln(h/l) with the larger h and the smaller l of p and q.
/// </summary>
internal readonly struct TopsoeKernel : IKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes p, TLanes q, TLanes difference) where TLanes : struct, ILanes<TLanes> =>
        Of(p, q, new LogQuotient<TLanes>(p, q, difference));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes p, TLanes q, LogQuotient<TLanes> log) where TLanes : struct, ILanes<TLanes>
    {
        var zero = TLanes.All(0);
        var sum = p + q;
        var pIsLess = TLanes.AtMost(p, q);
        var (low, high) = (TLanes.Select(pIsLess, p, q), TLanes.Select(pIsLess, q, p));
        var logQuotient = TLanes.Abs(log.Head + log.Tail);
        var share = TLanes.Select(TLanes.AtMost(low, zero), zero, low * logQuotient);

        // m/h is in [1/2, 1]; below sqrt(1/2) twice it is taken, and ln 2 given back.
        var half = TLanes.All(0.5) * sum;
        var isFar = TLanes.AtMost(half, TLanes.All(0.70710678118654757) * high);
        var scaled = TLanes.Select(isFar, sum, half);
        var s = (scaled - high) / (scaled + high);
        var logOfMean = s + s + LogQuotient<TLanes>.TailOf(s);
        logOfMean = TLanes.Select(isFar, logOfMean - TLanes.All(Units.Ln2), logOfMean);
        var apart = -TLanes.MultiplyAdd(sum, logOfMean, share);
        var term = TLanes.Select(log.IsNear, half * Even(log.S * log.S), apart);
        return TLanes.Select(TLanes.AtMost(sum, zero), zero, term);
    }

    /// <summary>(1-x) ln(1-x) + (1+x) ln(1+x) = z + z^2/6 + z^3/15 + ... + z^k/(k(2k-1)), z = x^2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Even<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes>
    {
        var series = TLanes.All(1.0 / 190);
        series = TLanes.MultiplyAdd(series, z, TLanes.All(1.0 / 153));
        series = TLanes.MultiplyAdd(series, z, TLanes.All(1.0 / 120));
        series = TLanes.MultiplyAdd(series, z, TLanes.All(1.0 / 91));
        series = TLanes.MultiplyAdd(series, z, TLanes.All(1.0 / 66));
        series = TLanes.MultiplyAdd(series, z, TLanes.All(1.0 / 45));
        series = TLanes.MultiplyAdd(series, z, TLanes.All(1.0 / 28));
        series = TLanes.MultiplyAdd(series, z, TLanes.All(1.0 / 15));
        series = TLanes.MultiplyAdd(series, z, TLanes.All(1.0 / 6));
        return TLanes.MultiplyAdd(series * z, z, z);
    }
}

/// <summary>(sqrt p - sqrt q)^2 = (q - p)^2 / (p + q + 2 sqrt(p q)).</summary>
internal readonly struct HellingerKernel : IKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes p, TLanes q, TLanes difference) where TLanes : struct, ILanes<TLanes>
    {
        var zero = TLanes.All(0);
        var sum = p + q;
        var divisor = TLanes.MultiplyAdd(TLanes.All(2), TLanes.Sqrt(p * q), sum);
        return TLanes.Select(TLanes.AtMost(sum, zero), zero, difference / divisor * difference);
    }
}

/// <summary>-p ln p, of p alone: 0 at 0 and at 1.</summary>
internal readonly struct EntropyKernel : IKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes p, TLanes q, TLanes difference) where TLanes : struct, ILanes<TLanes>
    {
        var one = TLanes.All(1);
        var log = new LogQuotient<TLanes>(p, one, one - p);
        return TLanes.Select(TLanes.AtMost(p, TLanes.All(0)), TLanes.All(0), -p * (log.Head + log.Tail));
    }
}
