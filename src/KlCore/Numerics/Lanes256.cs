using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KlCore.Numerics;

/// <summary>Four doubles, on AVX2 and its like.</summary>
internal readonly struct Lanes256(Vector256<double> value) : ILanes<Lanes256>
{
    private readonly Vector256<double> _value = value;

    public static bool IsSupported => Vector256.IsHardwareAccelerated && System.Runtime.Intrinsics.X86.Fma.IsSupported;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 All(double value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(ref readonly double source, nuint offset) => new(Vector256.LoadUnsafe(in source, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 a, Lanes256 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 a, Lanes256 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 a, Lanes256 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator /(Lanes256 a, Lanes256 b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 a) => new(-a._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c) => new(Vector256.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 ProductError(Lanes256 a, Lanes256 b, Lanes256 product) => new(Vector256.FusedMultiplyAdd(a._value, b._value, -product._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Sqrt(Lanes256 value) => new(Vector256.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Abs(Lanes256 value) => new(Vector256.Abs(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 AtMost(Lanes256 a, Lanes256 b) => new(Vector256.LessThanOrEqual(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bits(Lanes256 mask) => Vector256.ExtractMostSignificantBits(mask._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Select(Lanes256 mask, Lanes256 yes, Lanes256 no) => new(Vector256.ConditionalSelect(mask._value, yes._value, no._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Align(Lanes256 p, Lanes256 q, out Lanes256 a, out Lanes256 b, out Lanes256 exponent)
    {
        var mantissaOfP = Split(p, out var exponentOfP);
        var mantissaOfQ = Split(q, out var exponentOfQ);
        Quotient.Align(p, q, mantissaOfP, mantissaOfQ, exponentOfP - exponentOfQ, out a, out b, out exponent);
    }

    /// <summary>By the bits: subnormal numbers are made normal first, and the exponent becomes a double as the low bits of 2^52.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes256 Split(Lanes256 value, out Lanes256 exponent)
    {
        var subnormal = Vector256.LessThan(value._value, Vector256.Create(FloatingPoint.SmallestNormal));
        var normal = Vector256.ConditionalSelect(subnormal, value._value * Vector256.Create(FloatingPoint.Lift), value._value);
        var bits = normal.AsInt64();
        var raised = Vector256.ShiftRightLogical(bits, FloatingPoint.MantissaBits) | Vector256.Create(FloatingPoint.TwoTo52).AsInt64();
        var bias = Vector256.ConditionalSelect(subnormal, Vector256.Create(FloatingPoint.LiftedBias), Vector256.Create(FloatingPoint.Bias));
        exponent = new(raised.AsDouble() - bias);
        return new(((bits & Vector256.Create(FloatingPoint.MantissaMask)) | Vector256.Create(1.0).AsInt64()).AsDouble());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref double destination, nuint offset) => _value.StoreUnsafe(ref destination, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Sum() => Vector256.Sum(_value);
}

/// <summary>The layout of a double.</summary>
internal static class FloatingPoint
{
    public const int MantissaBits = 52;
    public const long MantissaMask = (1L << MantissaBits) - 1;
    public const double SmallestNormal = 2.2250738585072014E-308;

    /// <summary>2^54, which makes every subnormal number normal.</summary>
    public const double Lift = 18014398509481984;

    /// <summary>2^52, whose low bits count ones.</summary>
    public const double TwoTo52 = 4503599627370496;

    /// <summary>2^52 and the exponent of 1.</summary>
    public const double Bias = TwoTo52 + 1023;

    /// <summary>The same for a number that was lifted.</summary>
    public const double LiftedBias = Bias + 54;
}
