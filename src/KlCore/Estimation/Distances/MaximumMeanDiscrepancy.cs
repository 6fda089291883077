using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Estimation.Distances;

/// <summary>Which mean over pairs is taken.</summary>
public enum DiscrepancyVariant
{
    /// <summary>Over pairs of two points: right on average, and negative about as often as positive where the distributions are equal.</summary>
    Unbiased,

    /// <summary>Over all pairs, each point with itself too: the square of a distance, never negative.</summary>
    Biased,
}

/// <summary>
/// MMD^2 = E k(X, X') + E k(Y, Y') - 2 E k(X, Y) with the Gaussian kernel k(a, b) = e^(-|a - b|^2/(2 h^2)): the squared distance of the means in the
/// kernel's space, 0 for equal distributions only; at most 2. The unbiased estimate is not clipped and may be negative.
/// Source: A. Gretton et al., Journal of Machine Learning Research 13 (2012).
/// </summary>
public sealed record MaximumMeanDiscrepancy : Estimator
{
    /// <summary>From so many points, spread evenly over both samples, the median of distances is taken.</summary>
    private const int MedianPoints = 1500;

    /// <summary>h, in units of the coordinates; by default the median of the distances between all points that are not equal.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double? Bandwidth { get; init; }

    /// <summary>Which mean over pairs is taken; the details have both.</summary>
    public DiscrepancyVariant Variant { get; init; }

    /// <inheritdoc/>
    public override EstimatorDescription Describe() => new(
        "MMD^2(p, q)", "mean of k over pairs of x + mean over pairs of y - 2 mean over pairs of both, k(a, b) = exp(-|a - b|^2/(2 h^2)); pairs of a point with itself only if biased",
        "The unbiased estimate is right on average and may be negative; the biased one is too large by at most 1/n + 1/m. The bootstrap is wrong for equal distributions; parts of the sample are used.",
        "Gretton et al., Journal of Machine Learning Research 13 (2012)")
    {
        IsNeverNegative = Variant == DiscrepancyVariant.Biased,
        WarnsOfNegative = Variant == DiscrepancyVariant.Unbiased,
    };

    internal override void CheckSamples(PooledSample sample, Problems problems)
    {
        if (Variant == DiscrepancyVariant.Biased) return;
        if (sample.CountX < 2) problems.Add("x", "must have at least 2 points for the unbiased estimate, had 1");
        if (sample.CountY < 2) problems.Add("y", "must have at least 2 points for the unbiased estimate, had 1");
    }

    internal override PooledStatistic Prepare(PooledSample sample, CancellationToken cancellation)
    {
        var exponent = DistanceRows.UnitOf(sample.Coordinates);
        var width = Bandwidth is { } given ? Math.Max(Math.ScaleB(given, -exponent), double.Epsilon) : Median(sample, exponent);
        var bandwidth = Bandwidth ?? Math.ScaleB(width, exponent);
        return new PairStatistic(sample, exponent, new GaussianKernel(width), cancellation)
        {
            Value = Variant == DiscrepancyVariant.Biased ? Biased : Unbiased,
            Told = (sums, n, m) => n < 2 || m < 2
                ? new() { ["bandwidth"] = bandwidth, ["biased"] = Biased(sums, n, m) }
                : new() { ["bandwidth"] = bandwidth, ["unbiased"] = Unbiased(sums, n, m), ["biased"] = Biased(sums, n, m) },
        };
    }

    internal override double Work(int x, int y, int dimension) => PairSums.Work(x + y, dimension + 20.0);

    internal override double RepeatedWork(int x, int y, int dimension) => x + y <= PairStatistic.MostKept ? PairSums.Work(x + y, 1) : Work(x, y, dimension);

    private static double Biased(PairSums sums, int n, int m) => Math.Max(0, sums.X / n / n + sums.Y / m / m - 2 * sums.Between / n / m);

    private static double Unbiased(PairSums sums, int n, int m) => (sums.X - n) / n / (n - 1) + (sums.Y - m) / m / (m - 1) - 2 * sums.Between / n / m;

    /// <summary>The median distance of unequal points; 1 if there are none.</summary>
    private static double Median(PooledSample sample, int exponent)
    {
        var count = Math.Min(sample.Count, MedianPoints);
        var places = Enumerable.Range(0, count).Select(k => (int)((long)k * sample.Count / count)).ToArray();
        var rows = new DistanceRows(sample.Gather(places), sample.Dimension, exponent);
        var squares = new double[count * (count - 1) / 2];
        for (var i = 1; i < count; i++) rows.Squares(i, squares.AsSpan(i * (i - 1) / 2, i));
        RadixSort.Sort(squares);
        var positive = squares.AsSpan(squares.AsSpan().IndexOfAnyExcept(0.0) is var first and >= 0 ? first : squares.Length);
        if (positive.IsEmpty) return 1;
        return (Math.Sqrt(positive[(positive.Length - 1) / 2]) + Math.Sqrt(positive[positive.Length / 2])) / 2;
    }
}
