using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>Where a panel of quadrature may end, and how wide what is there is.</summary>
internal readonly record struct Break(double At, double Scale)
{
    // A break of something wide is not needed so near to another, in its own widths.
    private const double Nearest = 0.25;

    /// <summary>The ends of panels for several densities together, ascending: those that add nothing are left out.</summary>
    public static void Merge(List<Break> breaks, List<double> ends)
    {
        breaks.Sort(static (a, b) => a.At.CompareTo(b.At));
        ends.Clear();
        for (var i = 0; i < breaks.Count; i++)
        {
            var needed = ends.Count == 0 || breaks[i].At - ends[^1] >= Nearest * breaks[i].Scale;
            if (needed || (i == breaks.Count - 1 && breaks[i].At > ends[^1])) ends.Add(breaks[i].At);
        }
    }
}

/// <summary>A density made ready to be evaluated many times. It may hold scratch space, so one thread uses it at a time.</summary>
internal abstract class Density
{
    /// <summary>Where a Gaussian's panels of quadrature end, in standard deviations from its mean: beyond 9 it is below 1e-18 of its peak.</summary>
    protected static readonly double[] BreaksInDeviations = [-9, -6, -4, -2.5, -1.5, -0.75, 0, 0.75, 1.5, 2.5, 4, 6, 9];

    /// <summary>How many coordinates a point has.</summary>
    public abstract int Dimension { get; }

    /// <summary>ln p(x).</summary>
    public abstract double LogDensity(ReadOnlySpan<double> x);

    /// <summary>ln p(x), and its gradient with respect to x.</summary>
    public abstract double LogDensity(ReadOnlySpan<double> x, Span<double> gradient);

    /// <summary>Roughly how many multiplications one evaluation takes.</summary>
    public abstract double Work();

    /// <summary>One draw.</summary>
    public abstract void Sample(RandomStream random, Span<double> x);

    /// <summary>In one dimension: adds points between which the density is smooth on the scale of their distance.</summary>
    public abstract void AddBreaks(List<Break> breaks);

    /// <summary>ln p(x) in one dimension.</summary>
    public double LogDensity(double x) => LogDensity([x]);

    /// <summary>ln p(x) of every point.</summary>
    public double[] LogDensities(Points points)
    {
        var logs = new double[points.Count];
        for (var i = 0; i < logs.Length; i++) logs[i] = LogDensity(points[i]);
        return logs;
    }

    /// <summary>Independent draws.</summary>
    public Points Sample(int count, RandomStream random, bool plain)
    {
        var coordinates = new double[count * Dimension];
        for (var i = 0; i < count; i++) Sample(random, coordinates.AsSpan(i * Dimension, Dimension));
        return new Points(coordinates, Dimension, plain);
    }
}
