using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Estimation.Distances;

/// <summary>
/// The population stability index sum (a - e) ln(a/e) over the parts e of x and a of y that lie in each bin; the bins lie between the quantiles of x,
/// so that each holds as much of x. A bin is open below and closed above, the outer ones are infinite; the quantiles are NumPy's (linear).
/// +Infinity where a bin is empty in one sample and not in the other, unless a pseudocount is given. In nats below 0.1 little and above 0.25 much by
/// the rule of thumb, which knows nothing of the sizes of the samples: the details tell what is to be expected of equal distributions,
/// (B - 1)(1/n + 1/m), and the p-value of PSI/(1/n + 1/m), which then is nearly chi-squared with B - 1 degrees of freedom.
/// Source: N. Siddiqi, Credit Risk Scorecards (2006); B. Yurdakul and J. Naranjo, Journal of Risk Model Validation 14 (2020).
/// </summary>
public sealed record PopulationStability : Estimator
{
    /// <summary>How many bins there are, as long as x has so many distinct quantiles.</summary>
    [Range(2, 1000)]
    public int Bins { get; init; } = 10;

    /// <summary>What is added to the count of every bin on both sides; 0 leaves an empty bin infinite.</summary>
    [Range(0.0, 1e6)]
    public double Pseudocount { get; init; }

    /// <inheritdoc/>
    public override EstimatorDescription Describe() => new(
        "sum (p - q) ln(p/q) over bins", "sum (a - e) ln(a/e), e and a the parts of x and y in the bins between quantiles of x",
        "Too large by about (B - 1)(1/n + 1/m), which the rule of thumb (0.1 little, 0.25 much) does not know; see the p-values. Infinite at bins that are empty on one side.",
        "Siddiqi, Credit Risk Scorecards (2006); Yurdakul and Naranjo, Journal of Risk Model Validation 14 (2020)")
    {
        FollowsUnit = true,
        IsNeverNegative = true,
    };

    internal override void CheckSamples(PooledSample sample, Problems problems)
    {
        RankStatistic.RequireLine(sample, problems);
        if (sample.Dimension == 1 && sample.Coordinates.AsSpan(0, sample.CountX).IndexOfAnyExcept(sample.Coordinates[0]) < 0)
            problems.Add("x", "must have at least two distinct values for bins to lie between");
    }

    internal override PooledStatistic Prepare(PooledSample sample, CancellationToken cancellation) =>
        new RankStatistic(sample, counts => Index(Bin(counts))) { Told = Tell, Error = counts => StandardError(Bin(counts)) };

    internal override double Work(int x, int y, int dimension) => 20.0 * (x + y);

    internal override int LeastPoints(int dimension) => Bins;

    internal override IEnumerable<string> Warnings(PooledSample sample)
    {
        if (Math.Min(sample.CountX, sample.CountY) < 5 * Bins)
            yield return $"With fewer than five points a bin ({Math.Min(sample.CountX, sample.CountY)} points, {Bins} bins) the index is mostly noise, and its chi-squared p-value is rough.";
    }

    private double Index(List<(double X, double Y)> bins)
    {
        var (n, m) = (bins.Sum(bin => bin.X), bins.Sum(bin => bin.Y));
        var sum = new CompensatedSum();
        foreach (var (x, y) in bins)
        {
            var (expected, actual) = ((x + Pseudocount) / (n + Pseudocount * bins.Count), (y + Pseudocount) / (m + Pseudocount * bins.Count));
            if (expected == actual) continue;
            sum.Add((actual - expected) * Math.Log(actual / expected));
        }

        return sum.Value;
    }

    /// <summary>
    /// By the derivatives of the index in both samples' parts (the delta method), less what chance adds to their squares, and at least what is left for equal
    /// distributions, where they are 0 and the index is chi-squared: c = 2 (B - 1)(1/n + 1/m)^2, and chance adds 2 c, of which c is real. Null where the index is infinite.
    /// </summary>
    private double? StandardError(List<(double X, double Y)> bins)
    {
        var (n, m) = (bins.Sum(bin => bin.X), bins.Sum(bin => bin.Y));
        double meanX = 0, squareX = 0, meanY = 0, squareY = 0;
        foreach (var (x, y) in bins)
        {
            var (expected, actual) = ((x + Pseudocount) / (n + Pseudocount * bins.Count), (y + Pseudocount) / (m + Pseudocount * bins.Count));
            if (expected == actual) continue;
            if (expected == 0 || actual == 0) return null;
            var log = Math.Log(actual / expected);
            var (byX, byY) = (1 - actual / expected - log, 1 - expected / actual + log);
            (meanX, squareX) = (meanX + expected * byX, squareX + expected * byX * byX);
            (meanY, squareY) = (meanY + actual * byY, squareY + actual * byY * byY);
        }

        var noise = 2 * (bins.Count - 1) * (1 / n + 1 / m) * (1 / n + 1 / m);
        var variance = (squareX - meanX * meanX) / n + (squareY - meanY * meanY) / m;
        return Math.Sqrt(Math.Max(variance - noise, noise));
    }

    private Dictionary<string, double> Tell(RankCounts counts)
    {
        var bins = Bin(counts);
        var (noise, degrees) = (1.0 / counts.CountX + 1.0 / counts.CountY, bins.Count - 1);
        return new()
        {
            ["bins"] = bins.Count,
            ["emptyBins"] = bins.Count(bin => (bin.X == 0) != (bin.Y == 0)),
            ["expectedIfEqual"] = degrees * noise,
            ["chiSquaredPValue"] = IncompleteGamma.Upper(degrees / 2.0, Index(bins) / noise / 2),
        };
    }

    /// <summary>How many points of x and of y lie in each bin.</summary>
    private List<(double X, double Y)> Bin(RankCounts counts)
    {
        var edges = Edges(counts);
        var bins = new List<(double X, double Y)>();
        var k = 0;
        foreach (var edge in edges.Append(double.PositiveInfinity))
        {
            double x = 0, y = 0;
            for (; k < counts.Values.Length && counts.Values[k] <= edge; k++) (x, y) = (x + counts.X[k], y + counts.Y[k]);
            bins.Add((x, y));
        }

        return bins;
    }

    /// <summary>The distinct quantiles of x that have something of x above them.</summary>
    private List<double> Edges(RankCounts counts)
    {
        var edges = new List<double>();
        var (k, below) = (-1, 0L);
        for (var bin = 1; bin < Bins; bin++)
        {
            var (whole, rest) = Math.DivRem((counts.CountX - 1L) * bin, Bins);
            while (below <= whole) below += counts.X[++k];
            var edge = counts.Values[k];
            if (rest > 0 && below == whole + 1) edge += (double)rest / Bins * (Next(counts, k) - edge);
            if (edges.Count == 0 || edge > edges[^1]) edges.Add(edge);
        }

        var largest = counts.Values[Array.FindLastIndex(counts.X, count => count > 0)];
        edges.RemoveAll(edge => edge >= largest);
        return edges;
    }

    private static double Next(RankCounts counts, int k)
    {
        do k++;
        while (counts.X[k] == 0);
        return counts.Values[k];
    }
}
