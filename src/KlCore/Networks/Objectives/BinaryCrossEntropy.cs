using System.Runtime.CompilerServices;
using KlCore.Numerics;

namespace KlCore.Networks.Objectives;

/// <summary>
/// -t ln s(z) - (1 - t) ln(1 - s(z)) for logits z with s(z) = 1 / (1 + e^-z) and targets t from 0 to 1, in nats; as ln(1 + e^-|z|) + |z| (1 - t) for
/// positive z and + |z| t for others, in which nothing cancels.
/// </summary>
internal static class BinaryCrossEntropy
{
    /// <summary>The sum over each row, its mean over the rows, and its derivative (s(z) - t) / rows.</summary>
    /// <param name="logits">z.</param>
    /// <param name="targets">t.</param>
    /// <param name="gradient">Receives the derivative, if it is not empty; may be the memory of the logits.</param>
    public static double Evaluate(Batch logits, Batch targets, Batch gradient)
    {
        var total = FloatSums.Of(default(Term), logits.Values, targets.Values);
        FloatLoop.Run(new Slope(1f / logits.Rows), logits.Values, targets.Values, gradient.Values);
        return total / logits.Rows;
    }

    private readonly struct Term : IFloatFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x, T y) where T : struct, IFloatLanes<T>
        {
            var size = T.Abs(x);
            var miss = T.Select(T.Less(T.All(0), x), T.All(1) - y, y);
            return T.MultiplyAdd(size, miss, FloatFunctions.LogOnePlus(FloatFunctions.Exp(T.All(0) - size)));
        }
    }

    private readonly struct Slope(float scale) : IFloatFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x, T y) where T : struct, IFloatLanes<T> => T.All(scale) * (FloatFunctions.Sigmoid(x) - y);
    }
}
