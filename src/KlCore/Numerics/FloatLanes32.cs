using System.Runtime.CompilerServices;

namespace KlCore.Numerics;

/// <summary>One float: the portable path.</summary>
internal readonly unsafe struct FloatLanes32(float value) : IFloatLanes<FloatLanes32>
{
    private readonly float _value = value;

    public static int Count => 1;

    private int Bits => BitConverter.SingleToInt32Bits(_value);

    public static FloatLanes32 All(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes32 Of(double value) => All((float)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes32 LoadSingle(ref readonly byte source, nuint index) => new(Read<float>(in source, index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes32 LoadHalf(ref readonly byte source, nuint index) => new((float)Read<Half>(in source, index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes32 LoadUpperHalf(ref readonly byte source, nuint index) =>
        new(BitConverter.UInt32BitsToSingle((uint)Read<ushort>(in source, index) << 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes32 Load(float* source) => new(*source);

    public static FloatLanes32 LoadFirst(float* source, int count) => count > 0 ? new(*source) : default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes32 operator +(FloatLanes32 a, FloatLanes32 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes32 operator -(FloatLanes32 a, FloatLanes32 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes32 operator *(FloatLanes32 a, FloatLanes32 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes32 operator /(FloatLanes32 a, FloatLanes32 b) => new(a._value / b._value);

    // Exact in doubles but for one rounding to a double: as good as a fused one, and no slow call where the machine has none.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes32 MultiplyAdd(FloatLanes32 a, FloatLanes32 b, FloatLanes32 c) => new((float)((double)a._value * b._value + c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes32 MultiplySubtract(FloatLanes32 a, FloatLanes32 b, FloatLanes32 c) => new((float)((double)a._value * b._value - c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes32 Max(FloatLanes32 a, FloatLanes32 b) => a._value > b._value ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes32 Sqrt(FloatLanes32 value) => new(MathF.Sqrt(value._value));

    public static FloatLanes32 Abs(FloatLanes32 value) => new(MathF.Abs(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes32 Round(FloatLanes32 value) => new(MathF.Round(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes32 Scale(FloatLanes32 value, FloatLanes32 exponent) => float.IsNaN(exponent._value)
        ? exponent
        : new((float)(value._value * BitConverter.Int64BitsToDouble(((long)MathF.Max(-250, exponent._value) + 1023) << FloatingPoint.MantissaBits)));

    public static FloatLanes32 PowerOfTwo(FloatLanes32 shifted) => new(BitConverter.Int32BitsToSingle((shifted.Bits << 23) + 0x3F800000));

    public static FloatLanes32 PowerOf(FloatLanes32 value) => new(BitConverter.Int32BitsToSingle(value.Bits & 0x7F800000));

    public static FloatLanes32 First(int count) => Mask(count > 0);

    public static FloatLanes32 Less(FloatLanes32 a, FloatLanes32 b) => Mask(a._value < b._value);

    public static FloatLanes32 Equal(FloatLanes32 a, FloatLanes32 b) => Mask(a._value == b._value);

    public static FloatLanes32 And(FloatLanes32 a, FloatLanes32 b) => new(BitConverter.Int32BitsToSingle(a.Bits & b.Bits));

    public static FloatLanes32 Or(FloatLanes32 a, FloatLanes32 b) => new(BitConverter.Int32BitsToSingle(a.Bits | b.Bits));

    public static FloatLanes32 Select(FloatLanes32 mask, FloatLanes32 yes, FloatLanes32 no) => mask.Bits != 0 ? yes : no;

    public static bool IsAnyLess(FloatLanes32 a, FloatLanes32 b) => a._value < b._value;

    public static bool IsAny(FloatLanes32 mask) => mask.Bits != 0;

    public static int CountLess(FloatLanes32 a, FloatLanes32 b) => a._value < b._value ? 1 : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* destination) => *destination = _value;

    public void StoreFirst(float* destination, int count)
    {
        if (count > 0) *destination = _value;
    }

    public double Sum() => _value;

    public float Largest() => _value;

    private static FloatLanes32 Mask(bool isSet) => new(BitConverter.Int32BitsToSingle(isSet ? -1 : 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Read<T>(ref readonly byte source, nuint index) where T : unmanaged =>
        Unsafe.ReadUnaligned<T>(in Unsafe.Add(ref Unsafe.AsRef(in source), index * (nuint)Unsafe.SizeOf<T>()));
}
