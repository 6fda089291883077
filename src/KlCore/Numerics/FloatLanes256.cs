using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KlCore.Numerics;

/// <summary>Eight floats, on AVX2 with fused multiply-add.</summary>
internal readonly unsafe struct FloatLanes256(Vector256<float> value) : IFloatLanes<FloatLanes256>
{
    private readonly Vector256<float> _value = value;

    public static bool IsSupported => Vector256.IsHardwareAccelerated && Avx2.IsSupported && Fma.IsSupported;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 All(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 Of(double value) => All((float)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 LoadSingle(ref readonly byte source, nuint index) => new(Vector256.LoadUnsafe(in source, index * 4).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 LoadHalf(ref readonly byte source, nuint index)
    {
        var bits = Avx2.ConvertToVector256Int32(Vector128.LoadUnsafe(in source, index * 2).AsInt16());
        var size = Vector256.ShiftLeft(bits, HalfLayout.Shift) & Vector256.Create(HalfLayout.Size);
        var isSpecial = Vector256.ShiftRightArithmetic(size + Vector256.Create(HalfLayout.ToSign), 31);
        var value = (size.AsSingle() * Vector256.Create(HalfLayout.Rebias)).AsInt32();
        return new((value | (bits & Vector256.Create(int.MinValue)) | (isSpecial & Vector256.Create(HalfLayout.Infinity))).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 LoadUpperHalf(ref readonly byte source, nuint index) =>
        new(Vector256.ShiftLeft(Avx2.ConvertToVector256Int32(Vector128.LoadUnsafe(in source, index * 2).AsUInt16()), 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 LoadFirst(float* source, int count) => new(Avx.MaskLoad(source, First(count)._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 operator +(FloatLanes256 a, FloatLanes256 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 operator -(FloatLanes256 a, FloatLanes256 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 operator *(FloatLanes256 a, FloatLanes256 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 operator /(FloatLanes256 a, FloatLanes256 b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 MultiplyAdd(FloatLanes256 a, FloatLanes256 b, FloatLanes256 c) => new(Fma.MultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 MultiplySubtract(FloatLanes256 a, FloatLanes256 b, FloatLanes256 c) => new(Fma.MultiplySubtract(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 Max(FloatLanes256 a, FloatLanes256 b) => new(Avx.Max(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 Sqrt(FloatLanes256 value) => new(Vector256.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 Abs(FloatLanes256 value) => new(Vector256.Abs(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 Round(FloatLanes256 value) => new(Avx.RoundToNearestInteger(value._value));

    /// <summary>By two powers of two, since one alone may be out of range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 Scale(FloatLanes256 value, FloatLanes256 exponent)
    {
        var whole = Avx.ConvertToVector256Int32(Avx.Max(Vector256.Create(-250f), exponent._value));
        var half = Vector256.ShiftRightArithmetic(whole, 1);
        var bias = Vector256.Create(127);
        var first = Vector256.ShiftLeft(half + bias, 23).AsSingle();
        var second = Vector256.ShiftLeft(whole - half + bias, 23).AsSingle();
        return new(value._value * first * second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 PowerOfTwo(FloatLanes256 shifted) =>
        new((Vector256.ShiftLeft(shifted._value.AsInt32(), 23) + Vector256.Create(0x3F800000)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 PowerOf(FloatLanes256 value) => new(value._value & Vector256.Create(float.PositiveInfinity));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 First(int count) => new(Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 Less(FloatLanes256 a, FloatLanes256 b) => new(Vector256.LessThan(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 Equal(FloatLanes256 a, FloatLanes256 b) => new(Vector256.Equals(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 And(FloatLanes256 a, FloatLanes256 b) => new(a._value & b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 Or(FloatLanes256 a, FloatLanes256 b) => new(a._value | b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 Select(FloatLanes256 mask, FloatLanes256 yes, FloatLanes256 no) => new(Vector256.ConditionalSelect(mask._value, yes._value, no._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsAnyLess(FloatLanes256 a, FloatLanes256 b) => Vector256.LessThanAny(a._value, b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsAny(FloatLanes256 mask) => mask._value.AsInt32() != Vector256<int>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountLess(FloatLanes256 a, FloatLanes256 b) =>
        System.Numerics.BitOperations.PopCount(Vector256.LessThan(a._value, b._value).ExtractMostSignificantBits());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* destination) => _value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreFirst(float* destination, int count) => Avx.MaskStore(destination, First(count)._value, _value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Sum() => Vector256.Sum(Avx.ConvertToVector256Double(_value.GetLower()) + Avx.ConvertToVector256Double(_value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Largest()
    {
        var four = Sse.Max(_value.GetLower(), _value.GetUpper());
        var two = Sse.Max(four, Sse.MoveHighToLow(four, four));
        return Sse.MaxScalar(two, Sse.Shuffle(two, two, 1)).ToScalar();
    }
}
