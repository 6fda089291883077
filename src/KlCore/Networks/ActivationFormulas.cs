using System.Runtime.CompilerServices;
using KlCore.Numerics;

namespace KlCore.Networks;

/// <summary>An activation and its derivative for any number of lanes.</summary>
internal interface IActivationFormula
{
    /// <summary>a(z).</summary>
    static abstract T Forward<T>(T z) where T : struct, IFloatLanes<T>;

    /// <summary>gradient a'(z), given the output a(z), or z itself for those that need it (<see cref="FloatActivation.NeedsSums"/>).</summary>
    static abstract T Backward<T>(T known, T gradient) where T : struct, IFloatLanes<T>;
}

/// <summary>The forward direction as a formula for a loop.</summary>
internal readonly struct ForwardFormula<TActivation> : IFloatFormula
    where TActivation : struct, IActivationFormula
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Of<T>(T x, T y) where T : struct, IFloatLanes<T> => TActivation.Forward(x);
}

/// <summary>The backward direction as a formula for a loop.</summary>
internal readonly struct BackwardFormula<TActivation> : IFloatFormula
    where TActivation : struct, IActivationFormula
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Of<T>(T x, T y) where T : struct, IFloatLanes<T> => TActivation.Backward(x, y);
}

internal readonly struct ReluFormula : IActivationFormula
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Forward<T>(T z) where T : struct, IFloatLanes<T> => T.Max(T.All(0), z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Backward<T>(T known, T gradient) where T : struct, IFloatLanes<T> => T.And(T.Less(T.All(0), known), gradient);
}

internal readonly struct LeakyReluFormula : IActivationFormula
{
    private const float Slope = 0.01f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Forward<T>(T z) where T : struct, IFloatLanes<T> => T.Select(T.Less(z, T.All(0)), z * T.All(Slope), z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Backward<T>(T known, T gradient) where T : struct, IFloatLanes<T> => T.Select(T.Less(T.All(0), known), gradient, gradient * T.All(Slope));
}

internal readonly struct SigmoidFormula : IActivationFormula
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Forward<T>(T z) where T : struct, IFloatLanes<T> => FloatFunctions.Sigmoid(z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Backward<T>(T known, T gradient) where T : struct, IFloatLanes<T> => gradient * (known * (T.All(1) - known));
}

internal readonly struct TanhFormula : IActivationFormula
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Forward<T>(T z) where T : struct, IFloatLanes<T> => FloatFunctions.Tanh(z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Backward<T>(T known, T gradient) where T : struct, IFloatLanes<T> => gradient * ((T.All(1) - known) * (T.All(1) + known));
}

internal readonly struct GeluFormula : IActivationFormula
{
    private const float BellAtZero = 0.39894228f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Forward<T>(T z) where T : struct, IFloatLanes<T> => z * FloatFunctions.NormalDistribution(z, out _);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Backward<T>(T known, T gradient) where T : struct, IFloatLanes<T>
    {
        var share = FloatFunctions.NormalDistribution(known, out var bell);
        return gradient * T.MultiplyAdd(known * T.All(BellAtZero), bell, share);
    }
}

internal readonly struct SiluFormula : IActivationFormula
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Forward<T>(T z) where T : struct, IFloatLanes<T> => z * FloatFunctions.Sigmoid(z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Backward<T>(T known, T gradient) where T : struct, IFloatLanes<T>
    {
        var s = FloatFunctions.Sigmoid(known);
        return gradient * (s * T.MultiplyAdd(known, T.All(1) - s, T.All(1)));
    }
}

internal readonly struct SoftplusFormula : IActivationFormula
{
    private const float Saturated = -80;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Forward<T>(T z) where T : struct, IFloatLanes<T> => FloatFunctions.Softplus(z);

    /// <summary>1 - e^-y is the sigmoid of z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Backward<T>(T known, T gradient) where T : struct, IFloatLanes<T> =>
        gradient * (T.All(0) - FloatSeries.Expm1OfMinus(T.All(0) - T.Max(T.All(Saturated), T.All(0) - known), out _));
}
