using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace KlCore.Formats;

/// <summary>
/// How llama.cpp stores the log-probabilities of one row with <c>--kl-divergence-base</c>: ln p(i) = scale q(i) + minimum in 32 bits, where q has
/// 16 bits. What lies more than 16 nats below the largest logit is stored at that floor.
/// </summary>
/// <param name="Scale">The step between neighbouring values of q; 0 where all logits are equal.</param>
/// <param name="Minimum">The log-probability that q = 0 stands for.</param>
/// <remarks>ggml-org/llama.cpp, tools/perplexity/perplexity.cpp. The arithmetic is the same, operation by operation, without fused multiply-add.</remarks>
public readonly record struct KldRow(float Scale, float Minimum)
{
    /// <summary>How far below the largest logit the floor is, in nats.</summary>
    public const float Window = 16;

    /// <summary>
    /// What llama.cpp would have stored of a row: with max the largest logit, low = max(smallest logit, max - 16) and s = ln sum exp(x - max),
    /// minimum = low - max - s, scale = (max - low) / 65535 and q = the even-rounded (x - low) / scale, 0 for x at most low.
    /// A row with NaN or +Infinity, or with no finite logit, gives a row whose log-probabilities are NaN.
    /// </summary>
    /// <param name="logits">At least one.</param>
    /// <param name="quantized">As long; gets q.</param>
    public static KldRow Encode(ReadOnlySpan<float> logits, Span<ushort> quantized)
    {
        var (low, high) = Range(logits);
        low = Larger(low, high - Window);
        var sum = 0.0;
        foreach (var logit in logits) sum += MathF.Exp(logit - high);
        var row = new KldRow((high - low) / 65535f, low - high - (float)Math.Log(sum));
        // Without a finite maximum no step is a number, and q is 0.
        if (row.Scale is > 0 and < float.PositiveInfinity) Quantize(logits, quantized, low, 1 / row.Scale);
        else quantized[..logits.Length].Clear();
        return row;
    }

    /// <summary>Writes scale q + minimum, the product and the sum each rounded to 32 bits.</summary>
    /// <param name="quantized">q of each token.</param>
    /// <param name="logProbabilities">At least as long.</param>
    public void Decode(ReadOnlySpan<ushort> quantized, Span<float> logProbabilities)
    {
        var i = 0;
        ref readonly var from = ref MemoryMarshal.GetReference(quantized);
        ref var to = ref MemoryMarshal.GetReference(logProbabilities[..quantized.Length]);
        if (Vector512.IsHardwareAccelerated)
            for (; i <= quantized.Length - Vector512<ushort>.Count; i += Vector512<ushort>.Count)
            {
                var (lower, upper) = Vector512.Widen(Vector512.LoadUnsafe(in from, (nuint)i));
                (Vector512.ConvertToSingle(lower.AsInt32()) * Scale + Vector512.Create(Minimum)).StoreUnsafe(ref to, (nuint)i);
                (Vector512.ConvertToSingle(upper.AsInt32()) * Scale + Vector512.Create(Minimum)).StoreUnsafe(ref to, (nuint)(i + Vector512<float>.Count));
            }
        if (Vector256.IsHardwareAccelerated)
            for (; i <= quantized.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
            {
                var (lower, upper) = Vector256.Widen(Vector256.LoadUnsafe(in from, (nuint)i));
                (Vector256.ConvertToSingle(lower.AsInt32()) * Scale + Vector256.Create(Minimum)).StoreUnsafe(ref to, (nuint)i);
                (Vector256.ConvertToSingle(upper.AsInt32()) * Scale + Vector256.Create(Minimum)).StoreUnsafe(ref to, (nuint)(i + Vector256<float>.Count));
            }
        for (; i < quantized.Length; i++) Unsafe.Add(ref to, i) = Scale * Unsafe.Add(ref Unsafe.AsRef(in from), i) + Minimum;
    }

    /// <summary>The smallest and the largest as C++ finds them: what compares with nothing (NaN) is passed over unless it comes first.</summary>
    private static (float Low, float High) Range(ReadOnlySpan<float> logits)
    {
        var (low, high, i) = (logits[0], logits[0], 0);
        if (Vector256.IsHardwareAccelerated && logits.Length >= Vector256<float>.Count)
        {
            var (lows, highs) = (Vector256.Create(low), Vector256.Create(high));
            for (; i <= logits.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                var next = Vector256.LoadUnsafe(in MemoryMarshal.GetReference(logits), (nuint)i);
                lows = Vector256.ConditionalSelect(Vector256.LessThan(next, lows), next, lows);
                highs = Vector256.ConditionalSelect(Vector256.LessThan(highs, next), next, highs);
            }
            for (var lane = 0; lane < Vector256<float>.Count; lane++) (low, high) = (Smaller(low, lows[lane]), Larger(high, highs[lane]));
        }
        for (; i < logits.Length; i++) (low, high) = (Smaller(low, logits[i]), Larger(high, logits[i]));
        return (low, high);
    }

    private static void Quantize(ReadOnlySpan<float> logits, Span<ushort> quantized, float low, float steps)
    {
        // Adding 1.5 * 2^23 leaves the nearest whole number, ties to even, in the lower bits.
        const float Magic = 12582912f;
        var i = 0;
        if (Vector256.IsHardwareAccelerated)
            for (; i <= logits.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
            {
                var lower = Eight(Vector256.LoadUnsafe(in MemoryMarshal.GetReference(logits), (nuint)i), low, steps);
                var upper = Eight(Vector256.LoadUnsafe(in MemoryMarshal.GetReference(logits), (nuint)(i + Vector256<float>.Count)), low, steps);
                Vector256.Narrow(lower, upper).StoreUnsafe(ref MemoryMarshal.GetReference(quantized), (nuint)i);
            }
        for (; i < logits.Length; i++)
            quantized[i] = logits[i] > low ? (ushort)BitConverter.SingleToUInt32Bits(steps * (logits[i] - low) + Magic) : (ushort)0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<uint> Eight(Vector256<float> logits, float low, float steps)
        {
            var floor = Vector256.Create(low);
            var rounded = ((logits - floor) * steps + Vector256.Create(Magic)).AsUInt32() & Vector256.Create(0xFFFFu);
            return Vector256.ConditionalSelect(Vector256.GreaterThan(logits, floor).AsUInt32(), rounded, Vector256<uint>.Zero);
        }
    }

    private static float Larger(float a, float b) => a < b ? b : a;

    private static float Smaller(float a, float b) => b < a ? b : a;
}
