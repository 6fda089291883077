using System.Runtime.CompilerServices;
using KlCore.Formats;
using KlCore.Numerics;

namespace KlCore.Logits;

/// <summary>Reads logits of one element type into lanes of floats, exactly.</summary>
internal interface ILoader
{
    /// <summary>What is read.</summary>
    static abstract ElementType Element { get; }

    /// <summary>The logits from an index on.</summary>
    static abstract T Load<T>(ref readonly byte row, nuint index) where T : struct, IFloatLanes<T>;
}

/// <summary>Reads floats.</summary>
internal readonly struct SingleLoader : ILoader
{
    public static ElementType Element => ElementType.F32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load<T>(ref readonly byte row, nuint index) where T : struct, IFloatLanes<T> => T.LoadSingle(in row, index);
}

/// <summary>Reads IEEE 754 binary16 numbers.</summary>
internal readonly struct HalfLoader : ILoader
{
    public static ElementType Element => ElementType.F16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load<T>(ref readonly byte row, nuint index) where T : struct, IFloatLanes<T> => T.LoadHalf(in row, index);
}

/// <summary>Reads upper halves of floats.</summary>
internal readonly struct UpperHalfLoader : ILoader
{
    public static ElementType Element => ElementType.Bf16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load<T>(ref readonly byte row, nuint index) where T : struct, IFloatLanes<T> => T.LoadUpperHalf(in row, index);
}
