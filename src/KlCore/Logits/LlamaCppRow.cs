using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using KlCore.Formats;

namespace KlCore.Logits;

/// <summary>
/// What llama.cpp makes of a pair of rows, in its own 32-bit arithmetic: with b the stored log-probabilities of the base, x the candidate's
/// logits and s = max x + ln sum exp(x - max x), the divergence is the sum of exp(b) (b - x + s) over tokens with b > -16 only, neither
/// clamped nor normalised again. At a temperature of 1 always, since llama.cpp knows no other.
/// Source: ggml-org/llama.cpp, tools/perplexity/perplexity.cpp.
/// </summary>
internal static class LlamaCppRow
{
    /// <summary>Tokens at most this likely (ln) are left out of the divergence.</summary>
    private const float Cut = -16;

    /// <summary>A stored row that reaches this far down, in nats, was cut off at its floor; less, and the floor is its smallest logit.</summary>
    private const float CutOff = 15.9f;

    /// <summary>Sets the fields of the position that are named after llama.cpp.</summary>
    /// <param name="p">The reference's logits, or the log-probabilities that llama.cpp stored.</param>
    /// <param name="q">The candidate's logits.</param>
    /// <param name="target">The token that follows, or -1.</param>
    /// <param name="options">Whether p was stored by llama.cpp.</param>
    /// <param name="position">What is completed.</param>
    public static void Compare(ReadOnlySpan<float> p, ReadOnlySpan<float> q, int target, RowOptions options, ref Position position)
    {
        if (p.Length != q.Length) throw new ArgumentException("must have as many logits as p", nameof(q));
        if (target >= p.Length) throw new ArgumentException("must be a token", nameof(target));
        if (options.IsStoredByLlamaCpp)
        {
            CompareStored(p, q, target, ref position);
            return;
        }

        var words = ArrayPool<ushort>.Shared.Rent(p.Length);
        var stored = ArrayPool<float>.Shared.Rent(p.Length);
        KldRow.Encode(p, words.AsSpan(0, p.Length)).Decode(words.AsSpan(0, p.Length), stored);
        CompareStored(stored.AsSpan(0, p.Length), q, target, ref position);
        ArrayPool<ushort>.Shared.Return(words);
        ArrayPool<float>.Shared.Return(stored);
    }

    /// <summary>Only notes whether the target lies at the floor of the stored log-probabilities.</summary>
    public static void FindSaturation(ReadOnlySpan<float> stored, ref Position position)
    {
        if (position.Target < 0) return;
        var (lowest, highest) = Range(stored);
        if (stored[position.Target].Equals(lowest) && highest - lowest > CutOff) position.Facts |= PositionFacts.Saturated;
    }

    private static void CompareStored(ReadOnlySpan<float> stored, ReadOnlySpan<float> q, int target, ref Position position)
    {
        var (lowest, highest) = Range(stored);
        var largest = Range(q).High;
        var normalizer = largest + (float)Math.Log(SumOfExponentials(q, largest));
        position.LlamaDivergence = Number((float)Divergence(stored, q, normalizer));
        if (q.IndexOf(largest) == stored.IndexOf(highest)) position.Facts |= PositionFacts.LlamaSameTop;
        if (target < 0) return;
        position.LlamaLossQ = Number(normalizer - q[target]);
        position.LlamaLossP = Number(-stored[target]);
        if (stored[target].Equals(lowest) && highest - lowest > CutOff) position.Facts |= PositionFacts.Saturated;
    }

    private static double Divergence(ReadOnlySpan<float> stored, ReadOnlySpan<float> q, float normalizer)
    {
        var (sums, i) = (Vector256<double>.Zero, 0);
        ref readonly var p = ref MemoryMarshal.GetReference(stored);
        ref readonly var x = ref MemoryMarshal.GetReference(q);
        for (; i <= stored.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            var logP = Vector256.LoadUnsafe(in p, (nuint)i);
            var terms = Vector256.Exp(logP) * (logP - Vector256.LoadUnsafe(in x, (nuint)i) + Vector256.Create(normalizer));
            var (lower, upper) = Vector256.Widen(Vector256.ConditionalSelect(Vector256.GreaterThan(logP, Vector256.Create(Cut)), terms, Vector256<float>.Zero));
            sums += lower + upper;
        }

        var sum = Vector256.Sum(sums);
        for (; i < stored.Length; i++)
            if (stored[i] > Cut) sum += MathF.Exp(stored[i]) * (stored[i] - q[i] + normalizer);
        return sum;
    }

    private static double SumOfExponentials(ReadOnlySpan<float> logits, float largest)
    {
        var (sums, i) = (Vector256<double>.Zero, 0);
        ref readonly var x = ref MemoryMarshal.GetReference(logits);
        for (; i <= logits.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            var (lower, upper) = Vector256.Widen(Vector256.Exp(Vector256.LoadUnsafe(in x, (nuint)i) - Vector256.Create(largest)));
            sums += lower + upper;
        }

        var sum = Vector256.Sum(sums);
        for (; i < logits.Length; i++) sum += MathF.Exp(logits[i] - largest);
        return sum;
    }

    private static (float Low, float High) Range(ReadOnlySpan<float> values)
    {
        var (low, high, i) = (values[0], values[0], 0);
        if (values.Length >= Vector256<float>.Count)
        {
            var (lows, highs) = (Vector256.Create(low), Vector256.Create(high));
            for (; i <= values.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                var next = Vector256.LoadUnsafe(in MemoryMarshal.GetReference(values), (nuint)i);
                (lows, highs) = (Vector256.Min(lows, next), Vector256.Max(highs, next));
            }

            for (var lane = 0; lane < Vector256<float>.Count; lane++) (low, high) = (MathF.Min(low, lows[lane]), MathF.Max(high, highs[lane]));
        }

        for (; i < values.Length; i++) (low, high) = (MathF.Min(low, values[i]), MathF.Max(high, values[i]));
        return (low, high);
    }

    /// <summary>64-bit logits beyond 32 bits are infinite there and their differences no numbers; such a value is infinite for us.</summary>
    private static float Number(float value) => float.IsFinite(value) ? value : float.PositiveInfinity;
}
