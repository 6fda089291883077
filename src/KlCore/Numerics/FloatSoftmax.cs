using System.Runtime.CompilerServices;

namespace KlCore.Numerics;

/// <summary>Exponentials of a row of logits relative to the largest, and their sum. A logit of -Infinity has the exponential 0.</summary>
internal static unsafe class FloatSoftmax
{
    /// <summary>How many vectors are added in floats before the sum goes on in doubles.</summary>
    private const int Block = 64;

    /// <summary>softmax(z) of a row; may be the memory of the logits.</summary>
    public static void Probabilities(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        var sum = Exponentials(logits, probabilities, out _);
        FloatLoop.Run(new Affine((float)(1 / sum)), probabilities, probabilities, probabilities);
    }

    /// <summary>e^(factor (z - largest)) for each logit z, unless there is no room for any; returns their sum, at least 1.</summary>
    /// <param name="logits">z.</param>
    /// <param name="exponentials">Empty, or room for as many; may be the memory of the logits.</param>
    /// <param name="largest">The largest logit.</param>
    /// <param name="factor">At least 0.</param>
    public static double Exponentials(ReadOnlySpan<float> logits, Span<float> exponentials, out float largest, float factor = 1)
    {
        if (!exponentials.IsEmpty && exponentials.Length < logits.Length) throw new ArgumentException($"must have room for {logits.Length} numbers", nameof(exponentials));
        if (FloatLanes512.IsSupported) return Exponentials<FloatLanes512>(logits, exponentials, out largest, factor);
        return FloatLanes256.IsSupported ? Exponentials<FloatLanes256>(logits, exponentials, out largest, factor) : Exponentials<FloatLanes32>(logits, exponentials, out largest, factor);
    }

    /// <summary>The same with lanes of the caller's choice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Exponentials<TLanes>(ReadOnlySpan<float> logits, Span<float> exponentials, out float largest, float factor = 1)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        fixed (float* from = logits, to = exponentials)
        {
            var (count, width) = (logits.Length, TLanes.Count);
            var whole = count - count % width;
            var top = Largest<TLanes>(from, count);
            largest = top;
            TLanes shift = TLanes.All(-top), scale = TLanes.All(factor);
            double sum = 0;
            for (var i = 0; i < whole;)
            {
                var block = TLanes.All(0);
                for (var end = Math.Min(whole, i + Block * width); i < end; i += width)
                {
                    var e = FloatFunctions.Exp((TLanes.Load(from + i) + shift) * scale);
                    if (to != null) e.Store(to + i);
                    block += e;
                }

                sum += block.Sum();
            }

            if (whole == count) return sum;
            // The lanes that are not there would count as e^-largest.
            var rest = TLanes.Select(TLanes.First(count - whole), FloatFunctions.Exp((TLanes.LoadFirst(from + whole, count - whole) + shift) * scale), TLanes.All(0));
            if (to != null) rest.StoreFirst(to + whole, count - whole);
            return sum + rest.Sum();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Largest<TLanes>(float* values, int count) where TLanes : struct, IFloatLanes<TLanes>
    {
        var largest = TLanes.All(float.NegativeInfinity);
        var i = 0;
        for (; i + TLanes.Count <= count; i += TLanes.Count) largest = TLanes.Max(TLanes.Load(values + i), largest);
        if (i < count) largest = TLanes.Max(TLanes.Select(TLanes.First(count - i), TLanes.LoadFirst(values + i, count - i), largest), largest);
        return largest.Largest();
    }
}
