using System.Runtime.CompilerServices;

namespace KlCore.Numerics;

/// <summary>Brings the quotient of two mantissas near 1.</summary>
internal static class Quotient
{
    public const double Sqrt2 = 1.4142135623730951;

    /// <summary>From mantissas in [1, 2) and the difference of the exponents to what <see cref="ILanes{TSelf}.Align"/> promises.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Align<TLanes>(TLanes p, TLanes q, TLanes mantissaOfP, TLanes mantissaOfQ, TLanes difference, out TLanes a, out TLanes b, out TLanes exponent)
        where TLanes : struct, ILanes<TLanes>
    {
        var isLarge = TLanes.AtMost(TLanes.All(Sqrt2) * mantissaOfQ, mantissaOfP);
        var isSmall = TLanes.AtMost(TLanes.All(Sqrt2) * mantissaOfP, mantissaOfQ);
        a = TLanes.Select(isLarge, TLanes.All(0.5) * mantissaOfP, TLanes.Select(isSmall, mantissaOfP + mantissaOfP, mantissaOfP));
        exponent = difference + TLanes.Select(isLarge, TLanes.All(1), TLanes.Select(isSmall, TLanes.All(-1), TLanes.All(0)));
        var isNear = TLanes.AtMost(TLanes.Abs(exponent), TLanes.All(0));
        a = TLanes.Select(isNear, p, a);
        b = TLanes.Select(isNear, q, mantissaOfQ);
    }
}
