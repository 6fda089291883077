using KlCore.Distributions;
using KlCore.Numerics;

namespace KlCore.Training.DensityFit;

/// <summary>A target ready to be fitted to.</summary>
/// <param name="Coordinates">The coordinates in which it has mean 0 and covariance 1.</param>
/// <param name="Density">Its density in those; of samples, a kernel estimate.</param>
/// <param name="Samples">The samples in those, if that is what the target was.</param>
internal sealed record StandardTarget(Coordinates Coordinates, Density Density, Points? Samples)
{
    /// <summary>The target itself, where it is a family that is no mixture of Gaussians.</summary>
    public Univariate? Family { get; init; }

    /// <summary>How many points are taken.</summary>
    public const int MaximumSamples = 1_000_000;

    /// <summary>How many numbers, all coordinates of all points.</summary>
    public const int MaximumCoordinates = 4_000_000;

    private const int MaximumDimension = 100;

    /// <summary>Adds a problem for samples that are too few, too many or not finite.</summary>
    public static void CheckSamples(Points samples, Problems problems)
    {
        samples.Check(problems);
        if (samples.Count is < 2 or > MaximumSamples) problems.Add($"must have from 2 to {MaximumSamples} points, had {samples.Count}");
        if (samples.Dimension > MaximumDimension) problems.Add($"must have at most {MaximumDimension} coordinates each, had {samples.Dimension}");
        if (samples.Coordinates.Length > MaximumCoordinates)
            problems.Add($"must have at most {MaximumCoordinates} numbers in all, had {samples.Coordinates.Length}");
    }

    /// <summary>The target that samples are.</summary>
    public static StandardTarget Of(Points samples)
    {
        var coordinates = Coordinates.Of(MomentsOf(samples), "target");
        var standard = samples.Coordinates.ToArray();
        for (var i = 0; i < samples.Count; i++) coordinates.ToStandard(standard.AsSpan(i * samples.Dimension, samples.Dimension));
        var points = new Points(standard, samples.Dimension, samples.IsPlain);
        return new StandardTarget(coordinates, KernelDensity.Estimate(points), points);
    }

    /// <summary>Mean and covariance of samples, divided by their number.</summary>
    public static Moments MomentsOf(Points samples)
    {
        var (n, d) = (samples.Count, samples.Dimension);
        var sums = new CompensatedSum[d];
        for (var i = 0; i < n; i++)
        {
            // Seen from the first sample, so that a constant has exactly its value as its mean.
            for (var j = 0; j < d; j++) sums[j].Add((samples[i][j] - samples[0][j]) / n);
        }

        double[] mean = [.. sums.Select((sum, j) => samples[0][j] + sum.Value)];
        var (products, away) = (new CompensatedSum[d * d], new double[d]);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < d; j++)
            {
                away[j] = samples[i][j] - mean[j];
                for (var k = 0; k <= j; k++) products[j * d + k].Add(away[j] * away[k] / n);
            }
        }

        return new Moments(mean, [.. Enumerable.Range(0, d).Select(Row)]);

        double[] Row(int j) => [.. Enumerable.Range(0, d).Select(k => products[Math.Max(j, k) * d + Math.Min(j, k)].Value)];
    }
}
