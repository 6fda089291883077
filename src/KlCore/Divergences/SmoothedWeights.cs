using KlCore.Numerics;

namespace KlCore.Divergences;

/// <summary>Builds the weights of a smoothed distribution, to 32 digits each, so that smoothing does not blur a small difference.</summary>
internal static class SmoothedWeights
{
    /// <summary>Applies a formula to each weight.</summary>
    /// <param name="raw">The distribution before.</param>
    /// <param name="formula">From a category and its exact weight to its new weight.</param>
    /// <param name="normalised">Whether the new weights are divided by their sum.</param>
    public static MassFunction Apply(MassFunction raw, Func<int, DoubleDouble, DoubleDouble> formula, bool normalised = true)
    {
        var (weights, low) = (new double[raw.Count], new double[raw.Count]);
        for (var i = 0; i < weights.Length; i++)
        {
            var weight = formula(i, WeightDifferences.At(raw, i));
            (weights[i], low[i]) = (weight.Hi, weight.Lo);
        }

        if (normalised) Rescale(weights, low);
        return raw.With(weights, low, normalised);
    }

    /// <summary>The same distribution by weights alone: those of logits are exponentials and get the digits that were not kept.</summary>
    public static MassFunction Exactly(MassFunction raw)
    {
        if (raw.Scores is null) return raw;
        return Apply(raw, (i, _) => double.IsFinite(raw.Score(i).Hi) ? DoubleDouble.Exp(raw.Score(i)) : DoubleDouble.Zero);
    }

    /// <summary>T: how many categories are possible.</summary>
    public static int Seen(MassFunction raw) => Enumerable.Range(0, raw.Count).Count(raw.IsPossible);

    /// <summary>Tiny counts beside a large addition, or the reverse, leave weights whose products would overflow.</summary>
    private static void Rescale(double[] weights, double[] low)
    {
        var scale = -Math.ILogB(weights[WeightSums.IndexOfMaximum(weights)]);
        if (Math.Abs(scale) < 300) return;
        for (var i = 0; i < weights.Length; i++) (weights[i], low[i]) = (Math.ScaleB(weights[i], scale), Math.ScaleB(low[i], scale));
    }
}
