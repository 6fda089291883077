using System.Runtime.CompilerServices;

namespace KlCore.Numerics;

/// <summary>One double: the portable path.</summary>
internal readonly struct Lanes64(double value) : ILanes<Lanes64>
{
    private readonly double _value = value;

    public static int Count => 1;

    public static Lanes64 All(double value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes64 Load(ref readonly double source, nuint offset) => new(Unsafe.Add(ref Unsafe.AsRef(in source), offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes64 operator +(Lanes64 a, Lanes64 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes64 operator -(Lanes64 a, Lanes64 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes64 operator *(Lanes64 a, Lanes64 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes64 operator /(Lanes64 a, Lanes64 b) => new(a._value / b._value);

    public static Lanes64 operator -(Lanes64 a) => new(-a._value);

    // Without hardware a fused multiply-add is a slow call; the kernels need none of it to be correct.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes64 MultiplyAdd(Lanes64 a, Lanes64 b, Lanes64 c) =>
        new(System.Runtime.Intrinsics.X86.Fma.IsSupported ? Math.FusedMultiplyAdd(a._value, b._value, c._value) : a._value * b._value + c._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes64 ProductError(Lanes64 a, Lanes64 b, Lanes64 product) => new(Math.FusedMultiplyAdd(a._value, b._value, -product._value));

    public static Lanes64 Sqrt(Lanes64 value) => new(Math.Sqrt(value._value));

    public static Lanes64 Abs(Lanes64 value) => new(Math.Abs(value._value));

    public static Lanes64 AtMost(Lanes64 a, Lanes64 b) => new(BitConverter.Int64BitsToDouble(a._value <= b._value ? -1L : 0L));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bits(Lanes64 mask) => BitConverter.DoubleToInt64Bits(mask._value) != 0 ? 1u : 0u;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes64 Select(Lanes64 mask, Lanes64 yes, Lanes64 no) => BitConverter.DoubleToInt64Bits(mask._value) != 0 ? yes : no;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Align(Lanes64 p, Lanes64 q, out Lanes64 a, out Lanes64 b, out Lanes64 exponent)
    {
        var mantissaOfP = Split(p, out var exponentOfP);
        var mantissaOfQ = Split(q, out var exponentOfQ);
        Quotient.Align(p, q, mantissaOfP, mantissaOfQ, exponentOfP - exponentOfQ, out a, out b, out exponent);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes64 Split(Lanes64 value, out Lanes64 exponent)
    {
        var subnormal = value._value < FloatingPoint.SmallestNormal;
        var bits = BitConverter.DoubleToInt64Bits(subnormal ? value._value * FloatingPoint.Lift : value._value);
        exponent = new((bits >> FloatingPoint.MantissaBits) - (subnormal ? 1023 + 54 : 1023));
        return new(BitConverter.Int64BitsToDouble((bits & FloatingPoint.MantissaMask) | (1023L << FloatingPoint.MantissaBits)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref double destination, nuint offset) => Unsafe.Add(ref destination, offset) = _value;

    public double Sum() => _value;
}
