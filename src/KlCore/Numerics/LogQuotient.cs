using System.Runtime.CompilerServices;

namespace KlCore.Numerics;

/// <summary>
/// ln(p/q) = exponent ln 2 + 2 s + tail, with s = (a - b)/(a + b) of at most 3 - 2 sqrt 2 in size. Where p and q are near, a and b are p
/// and q themselves (a - b taken from their accurate difference) and the exponent is 0, so that nothing is lost; elsewhere they are scaled. The tail is s^3 times a polynomial in s^2.
/// Source: the coefficients are those of log in fdlibm (Sun Microsystems, 1993), whose error is below 2^-58.
/// </summary>
internal readonly ref struct LogQuotient<TLanes> where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Where p and q are near.</summary>
    public readonly TLanes IsNear;

    /// <summary>s.</summary>
    public readonly TLanes S;

    /// <summary>ln((1+s)/(1-s)) - 2s.</summary>
    public readonly TLanes Tail;

    /// <summary>exponent ln 2 + 2 s: all but the tail.</summary>
    public readonly TLanes Head;

    private LogQuotient(TLanes isNear, TLanes s, TLanes tail, TLanes head) => (IsNear, S, Tail, Head) = (isNear, s, tail, head);

    /// <summary>Of p and q, given q - p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LogQuotient(TLanes p, TLanes q, TLanes difference)
    {
        TLanes.Align(p, q, out var a, out var b, out var exponent);
        IsNear = TLanes.AtMost(TLanes.Abs(exponent), TLanes.All(0));
        S = TLanes.Select(IsNear, -difference, a - b) / (a + b);
        Tail = TailOf(S);
        Head = TLanes.MultiplyAdd(exponent, TLanes.All(Units.Ln2), S + S);
    }

    /// <summary>ln(q/p).</summary>
    public LogQuotient<TLanes> Reversed
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(IsNear, -S, -Tail, -Head);
    }

    /// <summary>ln((1+s)/(1-s)) - 2s.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes TailOf(TLanes s)
    {
        var z = s * s;
        var series = TLanes.All(1.479819860511658591e-01);
        series = TLanes.MultiplyAdd(series, z, TLanes.All(1.531383769920937332e-01));
        series = TLanes.MultiplyAdd(series, z, TLanes.All(1.818357216161805012e-01));
        series = TLanes.MultiplyAdd(series, z, TLanes.All(2.222219843214978396e-01));
        series = TLanes.MultiplyAdd(series, z, TLanes.All(2.857142874366239149e-01));
        series = TLanes.MultiplyAdd(series, z, TLanes.All(3.999999999940941908e-01));
        series = TLanes.MultiplyAdd(series, z, TLanes.All(6.666666666666735130e-01));
        return s * z * series;
    }
}
