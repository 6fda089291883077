using System.Runtime.CompilerServices;

namespace KlCore.Numerics;

/// <summary>A formula of two floats, for any number of lanes; it may have constants of its own.</summary>
internal interface IFloatFormula
{
    /// <summary>The result for x and y.</summary>
    T Of<T>(T x, T y) where T : struct, IFloatLanes<T>;
}

/// <summary>Formulas along spans of floats. The last few elements take the same path as all others, so no result depends on where it stands.</summary>
internal static unsafe class FloatLoop
{
    /// <summary>destination[i] = formula(x[i], y[i]). The destination may be one of the others, or shorter than they are.</summary>
    public static void Run<TFormula>(TFormula formula, ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> destination)
        where TFormula : struct, IFloatFormula
    {
        if (Math.Min(x.Length, y.Length) < destination.Length) throw new ArgumentException($"must have room for no more than {Math.Min(x.Length, y.Length)} numbers", nameof(destination));
        if (FloatLanes512.IsSupported) Run<FloatLanes512, TFormula>(formula, x, y, destination);
        else if (FloatLanes256.IsSupported) Run<FloatLanes256, TFormula>(formula, x, y, destination);
        else Run<FloatLanes32, TFormula>(formula, x, y, destination);
    }

    /// <summary>The same with lanes of the caller's choice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TLanes, TFormula>(TFormula formula, ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> destination)
        where TLanes : struct, IFloatLanes<TLanes>
        where TFormula : struct, IFloatFormula
    {
        fixed (float* px = x, py = y, to = destination)
        {
            var (i, count) = (0, destination.Length);
            for (; i + TLanes.Count <= count; i += TLanes.Count) formula.Of(TLanes.Load(px + i), TLanes.Load(py + i)).Store(to + i);
            if (i < count) formula.Of(TLanes.LoadFirst(px + i, count - i), TLanes.LoadFirst(py + i, count - i)).StoreFirst(to + i, count - i);
        }
    }
}

/// <summary>x + y.</summary>
internal readonly struct Plus : IFloatFormula
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Of<T>(T x, T y) where T : struct, IFloatLanes<T> => x + y;
}

/// <summary>x y.</summary>
internal readonly struct Times : IFloatFormula
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Of<T>(T x, T y) where T : struct, IFloatLanes<T> => x * y;
}

/// <summary>factor x + shift, whatever y.</summary>
internal readonly struct Affine(float factor, float shift = 0) : IFloatFormula
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Of<T>(T x, T y) where T : struct, IFloatLanes<T> => T.MultiplyAdd(x, T.All(factor), T.All(shift));
}

/// <summary>factor x + y.</summary>
internal readonly struct PlusMultiple(float factor) : IFloatFormula
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Of<T>(T x, T y) where T : struct, IFloatLanes<T> => T.MultiplyAdd(x, T.All(factor), y);
}
