using System.Runtime.CompilerServices;
using KlCore.Numerics;

namespace KlCore.Logits;

/// <summary>How x - y is taken.</summary>
internal interface IDifference
{
    /// <summary>(x - y)(factor + low) - shift - rest, the difference taken first: what near logits tell is in its last digits.</summary>
    static abstract T Of<T>(T x, T y, T shift, T rest, T factor, T low) where T : struct, IFloatLanes<T>;

    /// <summary>x - y, and what of it was rounded away where that counts.</summary>
    static abstract T Of<T>(T x, T y, out T error) where T : struct, IFloatLanes<T>;
}

/// <summary>As floats do, without the rest: x - y is exact where x and y are within a factor of two, and else off by 2^-24 of itself.</summary>
internal readonly struct RoundedDifference : IDifference
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x, T y, T shift, T rest, T factor, T low) where T : struct, IFloatLanes<T> =>
        T.MultiplySubtract(x - y, factor, shift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x, T y, out T error) where T : struct, IFloatLanes<T>
    {
        error = T.All(0);
        return x - y;
    }
}

/// <summary>With what x - y rounds away taken back (Knuth's two-sum), for rows that differ by far more than their divergence tells,
/// and for those where all but the top token is far below it.</summary>
internal readonly struct ExactDifference : IDifference
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x, T y, T shift, T rest, T factor, T low) where T : struct, IFloatLanes<T>
    {
        var difference = Of(x, y, out var error);
        return T.MultiplySubtract(difference, factor, shift) + T.MultiplyAdd(error, factor, T.MultiplySubtract(difference, low, rest));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x, T y, out T error) where T : struct, IFloatLanes<T>
    {
        var difference = x - y;
        var part = difference - x;
        error = x - (difference - part) - (y + part);
        return difference;
    }
}
