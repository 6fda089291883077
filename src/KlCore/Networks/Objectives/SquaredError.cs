using System.Runtime.CompilerServices;
using KlCore.Numerics;

namespace KlCore.Networks.Objectives;

/// <summary>(y - t)^2.</summary>
internal static class SquaredError
{
    /// <summary>The mean over all numbers of all rows, and its derivative 2 (y - t) / (rows * width).</summary>
    /// <param name="outputs">y.</param>
    /// <param name="targets">t.</param>
    /// <param name="gradient">Receives the derivative, if it is not empty; may be the memory of the outputs.</param>
    public static double Evaluate(Batch outputs, Batch targets, Batch gradient)
    {
        var total = FloatSums.Of(default(SquaredDifference), outputs.Values, targets.Values);
        FloatLoop.Run(new ScaledDifference(2f / outputs.Values.Length), outputs.Values, targets.Values, gradient.Values);
        return total / outputs.Values.Length;
    }

    private readonly struct SquaredDifference : IFloatFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x, T y) where T : struct, IFloatLanes<T> => (x - y) * (x - y);
    }

    private readonly struct ScaledDifference(float scale) : IFloatFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x, T y) where T : struct, IFloatLanes<T> => T.All(scale) * (x - y);
    }
}
