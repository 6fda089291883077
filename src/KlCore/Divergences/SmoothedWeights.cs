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
            var weight = formula(i, Exact(raw, i));
            (weights[i], low[i]) = (weight.Hi, weight.Lo);
        }

        return raw.With(weights, low, normalised);
    }

    /// <summary>The weight of a category: that of a logit is an exponential and has more digits than were kept.</summary>
    public static DoubleDouble Exact(MassFunction raw, int index) => raw.Scores is null
        ? raw.Weights[index]
        : double.IsFinite(raw.Score(index).Hi) ? DoubleDouble.Exp(raw.Score(index)) : DoubleDouble.Zero;
}
