namespace KlCore.Networks;

/// <summary>Softmax over the beginning of a row, with zeros after it.</summary>
internal static class MaskedSoftmax
{
    /// <summary>Turns scores z into e^(scale z_j) / sum, in place.</summary>
    /// <param name="row">The scores; receives the weights.</param>
    /// <param name="count">How many of them count.</param>
    /// <param name="scale">What they are multiplied with.</param>
    public static void Forward(Span<float> row, int count, float scale)
    {
        var z = row[..count];
        var largest = float.NegativeInfinity;
        foreach (var score in z) largest = MathF.Max(largest, score);
        float sum = 0;
        for (var i = 0; i < z.Length; i++)
        {
            z[i] = MathF.Exp(scale * (z[i] - largest));
            sum += z[i];
        }

        var share = 1 / sum;
        for (var i = 0; i < z.Length; i++) z[i] *= share;
        row[count..].Clear();
    }

    /// <summary>Turns the derivative with respect to the weights w into that with respect to the scores, in place: scale w_j (g_j - sum w g).</summary>
    public static void Backward(ReadOnlySpan<float> weights, int count, float scale, Span<float> gradient)
    {
        float mean = 0;
        for (var i = 0; i < count; i++) mean += weights[i] * gradient[i];
        for (var i = 0; i < count; i++) gradient[i] = scale * weights[i] * (gradient[i] - mean);
        gradient[count..].Clear();
    }
}
