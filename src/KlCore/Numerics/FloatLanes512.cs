using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KlCore.Numerics;

/// <summary>Sixteen floats, on AVX-512.</summary>
internal readonly unsafe struct FloatLanes512(Vector512<float> value) : IFloatLanes<FloatLanes512>
{
    private readonly Vector512<float> _value = value;

    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512F.IsSupported && Avx512DQ.IsSupported;

    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 All(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 Of(double value) => All((float)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 LoadSingle(ref readonly byte source, nuint index) => new(Vector512.LoadUnsafe(in source, index * 4).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 LoadHalf(ref readonly byte source, nuint index) => new(Widen(Vector256.LoadUnsafe(in source, index * 2)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 LoadUpperHalf(ref readonly byte source, nuint index) => new(Raise(Vector256.LoadUnsafe(in source, index * 2)));

    /// <summary>The exponent is brought from a half's bias to a float's by a multiplication, which subnormal halves survive; then Infinity and NaN are restored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Widen(Vector256<byte> halves)
    {
        const byte orAnd = 0xF8;
        var bits = Avx512F.ConvertToVector512Int32(halves.AsInt16());
        var size = Vector512.ShiftLeft(bits, HalfLayout.Shift) & Vector512.Create(HalfLayout.Size);
        var isSpecial = Vector512.ShiftRightArithmetic(size + Vector512.Create(HalfLayout.ToSign), 31);
        var value = (size.AsSingle() * Vector512.Create(HalfLayout.Rebias)).AsInt32();
        value = Avx512F.TernaryLogic(value, bits, Vector512.Create(int.MinValue), orAnd);
        return Avx512F.TernaryLogic(value, isSpecial, Vector512.Create(HalfLayout.Infinity), orAnd).AsSingle();
    }

    /// <summary>Upper halves to floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Raise(Vector256<byte> upperHalves) =>
        Vector512.ShiftLeft(Avx512F.ConvertToVector512Int32(upperHalves.AsUInt16()), 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 LoadFirst(float* source, int count) => new(Avx512F.MaskLoad(source, First(count)._value, Vector512<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 operator +(FloatLanes512 a, FloatLanes512 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 operator -(FloatLanes512 a, FloatLanes512 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 operator *(FloatLanes512 a, FloatLanes512 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 operator /(FloatLanes512 a, FloatLanes512 b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 MultiplyAdd(FloatLanes512 a, FloatLanes512 b, FloatLanes512 c) => new(Vector512.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 MultiplySubtract(FloatLanes512 a, FloatLanes512 b, FloatLanes512 c) => new(Avx512F.FusedMultiplySubtract(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 Max(FloatLanes512 a, FloatLanes512 b) => new(Avx512F.Max(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 Sqrt(FloatLanes512 value) => new(Vector512.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 Abs(FloatLanes512 value) => new(Vector512.Abs(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 Round(FloatLanes512 value) => new(Avx512F.RoundScale(value._value, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 Scale(FloatLanes512 value, FloatLanes512 exponent) => new(Avx512F.Scale(value._value, exponent._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 PowerOfTwo(FloatLanes512 shifted) =>
        new((Vector512.ShiftLeft(shifted._value.AsInt32(), 23) + Vector512.Create(0x3F800000)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 PowerOf(FloatLanes512 value) => new(value._value & Vector512.Create(float.PositiveInfinity));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 First(int count) => new(Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 Less(FloatLanes512 a, FloatLanes512 b) => new(Vector512.LessThan(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 Equal(FloatLanes512 a, FloatLanes512 b) => new(Vector512.Equals(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 And(FloatLanes512 a, FloatLanes512 b) => new(a._value & b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 Or(FloatLanes512 a, FloatLanes512 b) => new(a._value | b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 Select(FloatLanes512 mask, FloatLanes512 yes, FloatLanes512 no) => new(Vector512.ConditionalSelect(mask._value, yes._value, no._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsAnyLess(FloatLanes512 a, FloatLanes512 b) => Vector512.LessThanAny(a._value, b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsAny(FloatLanes512 mask) => mask._value.AsInt32() != Vector512<int>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountLess(FloatLanes512 a, FloatLanes512 b) =>
        System.Numerics.BitOperations.PopCount(Vector512.LessThan(a._value, b._value).ExtractMostSignificantBits());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* destination) => _value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreFirst(float* destination, int count) => Avx512F.MaskStore(destination, First(count)._value, _value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Sum()
    {
        var wide = Avx512F.ConvertToVector512Double(_value.GetLower()) + Avx512F.ConvertToVector512Double(_value.GetUpper());
        return Vector512.Sum(wide);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Largest()
    {
        var eight = Avx.Max(_value.GetLower(), _value.GetUpper());
        return new FloatLanes256(eight).Largest();
    }
}

/// <summary>The layout of IEEE 754 binary16 beside that of a float.</summary>
internal static class HalfLayout
{
    /// <summary>How many bits of the mantissa a float has more.</summary>
    public const int Shift = 13;

    /// <summary>A half's exponent and mantissa, shifted.</summary>
    public const int Size = 0x0FFFE000;

    /// <summary>What carries an exponent of all ones, shifted, into the sign.</summary>
    public const int ToSign = 0x70800000;

    /// <summary>A float's exponent of all ones.</summary>
    public const int Infinity = 0x7F800000;

    /// <summary>2^(127 - 15).</summary>
    public const float Rebias = 5.192296858534828e33f;
}
