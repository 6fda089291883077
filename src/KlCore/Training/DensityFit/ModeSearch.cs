using KlCore.Distributions;
using KlCore.Numerics;

namespace KlCore.Training.DensityFit;

/// <summary>Finds the modes of a target and measures how much of the model's mass lies at each.</summary>
internal static class ModeSearch
{
    /// <summary>The part of a mode's mass that its region holds.</summary>
    public const double RegionMass = 0.9;

    // Two peaks are one mode unless the density between them falls below this part of the lower one.
    private const double Dip = 0.85;

    // Bumps with less of p's mass than this are not counted as modes.
    private const double SmallestMass = 0.02;

    // In more dimensions a kernel estimate has a bump at every sample.
    private const int MaximumDimensionOfSamples = 3;

    private const int Draws = 10_000;
    private const int Starts = 64;
    private const double Work = 4e7;

    /// <summary>The modes in order of their mass, in standard coordinates.</summary>
    public static IReadOnlyList<ModeCoverage> Measure(Density target, MixtureDensity model, long seed)
    {
        if (target is KernelCloud { Dimension: > MaximumDimensionOfSamples }) return [];
        var peaks = Separate(target, Peaks(target));
        var draws = (int)Math.Clamp(Work / target.Work(), 500, Draws);
        var p = Locate(target, peaks, target.Sample(draws, new RandomStream(seed, 0, "modes of the target"), plain: false));
        var q = Locate(target, peaks, model.Sample(draws, new RandomStream(seed, 0, "modes of the model"), plain: false));
        var modes = new List<ModeCoverage>();
        for (var k = 0; k < peaks.Count; k++)
        {
            double[] own = [.. p.Where(point => point.Peak == k).Select(point => point.Height).Order()];
            if (own.Length < SmallestMass * draws) continue;
            var threshold = own[(int)((1 - RegionMass) * own.Length)];
            var inside = q.Count(point => point.Peak == k && point.Height >= threshold);
            modes.Add(new ModeCoverage(peaks[k], RegionMass * own.Length / draws, (double)inside / draws));
        }

        return [.. modes.OrderByDescending(mode => mode.TargetMass)];
    }

    // For each point the nearest peak, and ln p.
    private static (int Peak, double Height)[] Locate(Density target, List<double[]> peaks, Points points) =>
        [.. Enumerable.Range(0, points.Count).Select(i => (Nearest(peaks, points[i]), target.LogDensity(points[i])))];

    /// <summary>What the masses say.</summary>
    public static Behaviour Judge(IReadOnlyList<ModeCoverage> modes)
    {
        const double missed = 0.02, held = 0.5;
        if (modes.Count < 2) return Behaviour.Neither;
        if (modes.All(mode => mode.Share >= missed)) return Behaviour.Covering;
        return modes.Any(mode => mode.Share >= held) ? Behaviour.Seeking : Behaviour.Neither;
    }

    private static List<double[]> Peaks(Density target)
    {
        var random = new RandomStream(0, 0, "starts for modes");
        var starts = target is MixtureDensity { Components: <= Starts } mixture
            ? new Points(mixture.Means, mixture.Dimension, plain: false)
            : target.Sample(Starts, random, plain: false);
        var peaks = new List<double[]>();
        for (var i = 0; i < starts.Count; i++) peaks.Add(Climb(target, starts[i].ToArray()));
        return [.. peaks.OrderByDescending(peak => target.LogDensity(peak))];
    }

    // Gradient ascent on ln p with a step that grows while it helps and shrinks when it does not.
    private static double[] Climb(Density target, double[] x)
    {
        var (gradient, next, rate) = (new double[x.Length], new double[x.Length], 0.01);
        var height = target.LogDensity(x, gradient);
        for (var i = 0; i < 200 && rate > 1e-12; i++)
        {
            for (var j = 0; j < x.Length; j++) next[j] = x[j] + rate * gradient[j];
            if (target.LogDensity(next) is var higher && higher > height)
            {
                next.CopyTo(x, 0);
                height = target.LogDensity(x, gradient);
                rate *= 1.5;
            }
            else
            {
                rate *= 0.3;
            }
        }

        return x;
    }

    // Keeps a peak if between it and every higher one kept the density dips.
    private static List<double[]> Separate(Density target, List<double[]> peaks)
    {
        var kept = new List<double[]>();
        foreach (var peak in peaks)
        {
            if (kept.All(higher => LowestBetween(target, peak, higher) < Math.Log(Dip) + target.LogDensity(peak))) kept.Add(peak);
        }

        return kept;
    }

    private static double LowestBetween(Density target, double[] from, double[] to)
    {
        const int points = 64;
        var (lowest, x) = (double.PositiveInfinity, new double[from.Length]);
        for (var i = 1; i < points; i++)
        {
            for (var j = 0; j < x.Length; j++) x[j] = from[j] + (to[j] - from[j]) * i / points;
            lowest = Math.Min(lowest, target.LogDensity(x));
        }

        return lowest;
    }

    private static int Nearest(List<double[]> peaks, ReadOnlySpan<double> x)
    {
        var (nearest, smallest) = (0, double.PositiveInfinity);
        for (var k = 0; k < peaks.Count; k++)
        {
            var distance = 0.0;
            for (var j = 0; j < x.Length; j++) distance += (x[j] - peaks[k][j]) * (x[j] - peaks[k][j]);
            if (distance < smallest) (nearest, smallest) = (k, distance);
        }

        return nearest;
    }
}
