namespace KlCore.Distributions;

/// <summary>
/// Mixtures of Gaussians as free real numbers θ. For each component: the mean, the logarithms of the diagonal of L, then the elements of
/// L below the diagonal row by row; after all components, if there are several, one logit for each weight.
/// </summary>
internal static class MixtureParameters
{
    /// <summary>How many numbers one component takes.</summary>
    public static int ComponentSize(int dimension) => 2 * dimension + dimension * (dimension - 1) / 2;

    /// <summary>How many numbers a mixture takes.</summary>
    public static int Count(int components, int dimension) => components * ComponentSize(dimension) + (components > 1 ? components : 0);

    /// <summary>Sets a mixture to θ.</summary>
    public static void Load(ReadOnlySpan<double> parameters, MixtureDensity mixture)
    {
        var (d, next) = (mixture.Dimension, 0);
        for (var k = 0; k < mixture.Components; k++)
        {
            var factor = mixture.Factor(k);
            for (var i = 0; i < d; i++) mixture.Means[k * d + i] = parameters[next++];
            for (var i = 0; i < d; i++) factor[i * d + i] = Math.Exp(parameters[next++]);
            for (var i = 1; i < d; i++)
            {
                for (var j = 0; j < i; j++) factor[i * d + j] = parameters[next++];
            }
        }

        LoadWeights(parameters[next..], mixture);
        mixture.Refresh();
    }

    /// <summary>The θ of a mixture. A weight of zero, which has no finite logit, becomes e⁻³⁰.</summary>
    public static double[] Store(MixtureDensity mixture)
    {
        var (d, next) = (mixture.Dimension, 0);
        var parameters = new double[Count(mixture.Components, d)];
        for (var k = 0; k < mixture.Components; k++)
        {
            var factor = mixture.Factor(k);
            for (var i = 0; i < d; i++) parameters[next++] = mixture.Means[k * d + i];
            for (var i = 0; i < d; i++) parameters[next++] = Math.Log(factor[i * d + i]);
            for (var i = 1; i < d; i++)
            {
                for (var j = 0; j < i; j++) parameters[next++] = factor[i * d + j];
            }
        }

        for (var k = 0; next < parameters.Length; k++) parameters[next++] = Math.Max(-30, mixture.LogWeights[k]);
        return parameters;
    }

    private static void LoadWeights(ReadOnlySpan<double> logits, MixtureDensity mixture)
    {
        if (logits.IsEmpty)
        {
            mixture.LogWeights[0] = 0;
            return;
        }

        var largest = double.NegativeInfinity;
        foreach (var logit in logits) largest = Math.Max(largest, logit);
        var sum = 0.0;
        foreach (var logit in logits) sum += Math.Exp(logit - largest);
        for (var k = 0; k < logits.Length; k++) mixture.LogWeights[k] = logits[k] - largest - Math.Log(sum);
    }
}
