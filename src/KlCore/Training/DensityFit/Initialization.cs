using KlCore.Distributions;
using KlCore.Numerics;

namespace KlCore.Training.DensityFit;

/// <summary>
/// Where a fit starts when the caller does not say: the components' means are draws of the target, each but the first chosen with
/// probability proportional to its squared distance from the nearest mean before it (Arthur and Vassilvitskii, k-means++, 2007); narrow
/// enough to lie on one side of a target with two modes. Other seeds so start, and may end, in other modes.
/// </summary>
internal static class Initialization
{
    private const int CandidatesPerComponent = 32;

    /// <summary>A mixture in standard coordinates.</summary>
    public static MixtureDensity Draw(Density target, int components, double width, long seed)
    {
        var random = new RandomStream(seed, 0, "initial parameters");
        var candidates = target.Sample(CandidatesPerComponent * components, random, plain: false);
        var mixture = new MixtureDensity(components, target.Dimension);
        var distances = Enumerable.Repeat(1.0, candidates.Count).ToArray();
        for (var k = 0; k < components; k++)
        {
            var mean = candidates[Pick(distances, random.NextUniform())];
            mean.CopyTo(mixture.Means.AsSpan(k * mixture.Dimension));
            for (var i = 0; i < distances.Length; i++)
            {
                var distance = SquaredDistance(mean, candidates[i]);
                distances[i] = k == 0 ? distance : Math.Min(distances[i], distance);
            }

            mixture.LogWeights[k] = -Math.Log(components);
            for (var i = 0; i < mixture.Dimension; i++)
                mixture.Factor(k)[i * mixture.Dimension + i] = width / Math.Pow(components + 1, 1.0 / mixture.Dimension);
        }

        mixture.Refresh();
        return mixture;
    }

    private static int Pick(double[] weights, double uniform)
    {
        var left = uniform * weights.Sum();
        for (var i = 0; i < weights.Length; i++)
        {
            left -= weights[i];
            if (left < 0) return i;
        }

        return weights.Length - 1;
    }

    private static double SquaredDistance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }
}
