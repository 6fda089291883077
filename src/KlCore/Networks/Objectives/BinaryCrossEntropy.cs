namespace KlCore.Networks.Objectives;

/// <summary>
/// -t ln s(z) - (1 - t) ln(1 - s(z)) for logits z with s(z) = 1 / (1 + e^-z) and targets t from 0 to 1, in nats; as max(z, 0) - t z + ln(1 + e^-|z|).
/// </summary>
internal static class BinaryCrossEntropy
{
    /// <summary>The sum over each row, its mean over the rows, and its derivative (s(z) - t) / rows.</summary>
    public static double Evaluate(Batch logits, Batch targets, Batch gradient)
    {
        double total = 0;
        var scale = 1f / logits.Rows;
        for (var i = 0; i < logits.Values.Length; i++)
        {
            var (z, t) = (logits.Values[i], targets.Values[i]);
            var small = MathF.Exp(-MathF.Abs(z));
            total += MathF.Max(z, 0) - t * z + double.LogP1(small);
            if (!gradient.Values.IsEmpty) gradient.Values[i] = scale * ((z < 0 ? small : 1) / (1 + small) - t);
        }

        return total / logits.Rows;
    }
}
