using KlCore.Distributions;
using KlCore.Numerics;

namespace KlCore.Training.DensityFit;

/// <summary>The densities of target and model as curves, in the original coordinates.</summary>
internal static class CurveDrawing
{
    private const int Points = 401;
    private const int MaximumComponents = 16;
    private const double Reach = 4.5;

    // Marks nearer to each other than this part of the whole are one.
    private const double Resolution = 1e-7;

    /// <summary>Both densities of the first coordinate, on an even grid that is denser at narrow components.</summary>
    public static DensityCurves Draw(StandardTarget target, MixtureDensity model)
    {
        var (p, q) = (FirstCoordinate(target.Density), FirstCoordinate(model));
        var (centre, scale) = target.Coordinates.FirstCoordinate();
        var grid = Grid(p, (MixtureDensity)q);
        return new DensityCurves(
            [.. grid.Select(z => centre + scale * z)],
            [.. grid.Select(z => Math.Exp(p.LogDensity(z)) / scale)],
            [.. grid.Select(z => Math.Exp(q.LogDensity(z)) / scale)]);
    }

    /// <summary>Some points of the target: samples if it has them, else draws.</summary>
    public static Points Scatter(StandardTarget target, int most, long seed)
    {
        var points = target.Samples ?? target.Density.Sample(most, new RandomStream(seed, 0, "picture"), plain: false);
        var count = Math.Min(most, points.Count);
        var rows = Enumerable.Range(0, count).Select(i => target.Coordinates.FromStandard(points[(int)((long)i * points.Count / count)].ToArray()));
        return new Points([.. rows]);
    }

    // S is lower triangular, so the first coordinate of x depends on the first of z alone.
    private static Density FirstCoordinate(Density density)
    {
        if (density is KernelCloud cloud) return KernelDensity.Estimate(new Points(Enumerable.Range(0, cloud.Kernels).Select(k => cloud.Centre(k)[0])));
        if (density is not MixtureDensity { Dimension: > 1 } mixture) return density;
        var marginal = new MixtureDensity(mixture.Components, 1);
        for (var k = 0; k < mixture.Components; k++)
        {
            marginal.LogWeights[k] = mixture.LogWeights[k];
            marginal.Means[k] = mixture.Means[k * mixture.Dimension];
            marginal.Factors[k] = mixture.Factor(k)[0];
        }

        marginal.Refresh();
        return marginal;
    }

    private static double[] Grid(Density p, MixtureDensity q)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        var marks = new List<double>();
        foreach (var mixture in new[] { p as MixtureDensity, q })
        {
            for (var k = 0; k < (mixture?.Components ?? 0); k++)
            {
                var (mean, deviation) = (mixture!.Means[k], mixture.Factors[k]);
                (low, high) = (Math.Min(low, mean - Reach * deviation), Math.Max(high, mean + Reach * deviation));
                if (k >= MaximumComponents) continue;
                for (var i = -8; i <= 8; i++) marks.Add(mean + 0.5 * i * deviation);
            }
        }

        if (p is FamilyDensity family) (low, high) = (Math.Min(low, family.Lowest), Math.Max(high, family.Highest));
        if (p is KernelDensity kernel) (low, high) = (Math.Min(low, kernel.Lowest), Math.Max(high, kernel.Highest));
        for (var i = 0; i < Points; i++) marks.Add(low + (high - low) * i / (Points - 1));
        marks.Sort();
        var nearest = (high - low) * Resolution;
        var grid = new List<double> { marks[0] };
        foreach (var mark in marks)
        {
            if (mark - grid[^1] > nearest) grid.Add(mark);
        }

        return [.. grid];
    }
}
