using KlCore.Numerics;

namespace KlCore.Logits.Reports;

/// <summary>
/// Everything about one column of numbers that its mean, its errors and its percentiles need. Sums are exact, so parts of the data put
/// together give the same bits as the whole. Infinite values are counted and left out of the sums.
/// </summary>
internal sealed class ColumnTotals(bool hasSketch)
{
    private readonly ExactTotal _sum = new();
    private readonly ExactTotal _squares = new();
    private readonly ExactTotal _clusterSums = new();
    private readonly ExactTotal _clusterSquares = new();
    private readonly ExactTotal _clusterProducts = new();
    private readonly ExactTotal _clusterCounts = new();
    private CompensatedSum _inCluster;
    private long _countInCluster;

    /// <summary>How many finite values there were.</summary>
    public long Finite { get; private set; }

    /// <summary>How many values were +Infinity.</summary>
    public long Infinite { get; private set; }

    /// <summary>How many values were -Infinity.</summary>
    public long MinusInfinite { get; private set; }

    /// <summary>The smallest value; +Infinity if there was none.</summary>
    public double Minimum { get; private set; } = double.PositiveInfinity;

    /// <summary>The largest value; -Infinity if there was none.</summary>
    public double Maximum { get; private set; } = double.NegativeInfinity;

    /// <summary>How many clusters with finite values were closed.</summary>
    public long Clusters { get; private set; }

    /// <summary>The distribution of the values, where kept.</summary>
    public QuantileSketch? Sketch { get; private set; } = hasSketch ? new QuantileSketch() : null;

    /// <summary>All values, infinite ones included.</summary>
    public long Count => Finite + Infinite + MinusInfinite;

    /// <summary>The mean of the finite values, finite even where their sum is beyond a double; 0 if there are none.</summary>
    public double FiniteMean => Finite == 0 ? 0 : _sum.Value is var sum && double.IsFinite(sum) ? sum / Finite : ExactTotal.Round(_sum.Scaled() / Finite, ExactTotal.Exponent);

    /// <summary>The mean; infinite if a value is. Null if there are no values, or infinities of both signs.</summary>
    public double? Mean =>
        Count == 0 || (Infinite > 0 && MinusInfinite > 0) ? null
        : Infinite > 0 ? double.PositiveInfinity
        : MinusInfinite > 0 ? double.NegativeInfinity
        : FiniteMean;

    /// <summary>The sample standard deviation sqrt(sum (x - mean)^2 / (n - 1)), from exact sums. Null for fewer than two values and where one is infinite.</summary>
    public double? StandardDeviation
    {
        get
        {
            if (Finite < 2 || Finite != Count) return null;
            if (_squares.HasInfiniteTerm) return double.PositiveInfinity;
            var sum = _sum.Scaled();
            var spread = ExactTotal.Round(((Finite * _squares.Scaled()) << -ExactTotal.Exponent) - sum * sum, 2 * ExactTotal.Exponent);
            // Spread is n^2 times the variance; it divides by n and n - 1 in turn so as not to overflow.
            return Math.Sqrt(Math.Max(0, spread) / Finite / (Finite - 1));
        }
    }

    /// <summary>The error of the mean if the values are independent: sd / sqrt(n).</summary>
    public double? StandardError => StandardDeviation / Math.Sqrt(Finite);

    /// <summary>
    /// The error of the mean R = sum S_c / sum n_c if only the clusters are independent: sqrt(m / (m - 1) sum (S_c - R n_c)^2) / sum n_c.
    /// With clusters of equal size that is sd(cluster means) / sqrt(m). Null for fewer than two clusters. Source: W. Cochran, "Sampling
    /// Techniques" (1977), section 9A.
    /// </summary>
    public double? ClusterStandardError
    {
        get
        {
            if (Clusters < 2 || Finite != Count) return null;
            if (_clusterSquares.HasInfiniteTerm || _clusterProducts.HasInfiniteTerm) return double.PositiveInfinity;
            System.Numerics.BigInteger n = Finite;
            var (sum, squares, products, counts) = (_clusterSums.Scaled(), _clusterSquares.Scaled(), _clusterProducts.Scaled(), _clusterCounts.Scaled());
            // N^2 sum (S - R n)^2 = N^2 sum S^2 - 2 N S sum S n + S^2 sum n^2, in whole numbers of 2^-3222 each.
            var one = -ExactTotal.Exponent;
            var spread = ((n * n * squares) << (2 * one)) - ((2 * n * sum * products) << one) + sum * sum * counts;
            var residual = ExactTotal.Round(spread, 3 * ExactTotal.Exponent);
            return Math.Sqrt(Math.Max(0, residual) / Finite / Finite * Clusters / (Clusters - 1)) / Finite;
        }
    }

    /// <summary>Adds a value; NaN stands for none.</summary>
    public void Add(double value)
    {
        if (double.IsNaN(value)) return;
        Minimum = Math.Min(Minimum, value);
        Maximum = Math.Max(Maximum, value);
        if (double.IsFinite(value))
        {
            Finite++;
            _sum.Add(value);
            _squares.AddProduct(value, value);
            _inCluster.Add(value);
            _countInCluster++;
        }
        else if (value > 0)
        {
            Infinite++;
        }
        else
        {
            MinusInfinite++;
        }

        if (Sketch is not null && !double.IsNegativeInfinity(value)) Sketch.Add(value);
    }

    /// <summary>Says that the values since the last call are a cluster.</summary>
    public void CloseCluster()
    {
        if (_countInCluster > 0)
        {
            var sum = _inCluster.Value;
            Clusters++;
            _clusterSquares.AddProduct(sum, sum);
            _clusterCounts.AddProduct(_countInCluster, _countInCluster);
            // A sum beyond a double: its square says that there is no error to be told.
            if (double.IsFinite(sum))
            {
                _clusterSums.Add(sum);
                _clusterProducts.AddProduct(sum, _countInCluster);
            }
        }

        _inCluster = default;
        _countInCluster = 0;
    }

    /// <summary>Adds all that other totals hold.</summary>
    public void Add(ColumnTotals other)
    {
        (Finite, Infinite, MinusInfinite) = (Finite + other.Finite, Infinite + other.Infinite, MinusInfinite + other.MinusInfinite);
        (Minimum, Maximum) = (Math.Min(Minimum, other.Minimum), Math.Max(Maximum, other.Maximum));
        Clusters += other.Clusters;
        foreach (var (mine, theirs) in Totals().Zip(other.Totals())) mine.Add(theirs);
        if (Sketch is not null && other.Sketch is not null) Sketch.Add(other.Sketch);
    }

    /// <summary>How the totals are written down; no cluster may be open.</summary>
    public ColumnSummary Summarise() =>
        new(Finite, Infinite, MinusInfinite, Minimum, Maximum, Clusters, [.. Totals().Select(total => total.ToParts())], Sketch?.Summarise());

    /// <summary>The totals that were written down.</summary>
    public static ColumnTotals From(ColumnSummary summary)
    {
        var totals = new ColumnTotals(false)
        {
            Finite = summary.Finite,
            Infinite = summary.Infinite,
            MinusInfinite = summary.MinusInfinite,
            Minimum = summary.Minimum,
            Maximum = summary.Maximum,
            Clusters = summary.Clusters,
            Sketch = summary.Sketch is null ? null : QuantileSketch.From(summary.Sketch),
        };
        foreach (var (total, parts) in totals.Totals().Zip(summary.Sums)) total.Add(new ExactTotal(parts));
        return totals;
    }

    private ExactTotal[] Totals() => [_sum, _squares, _clusterSums, _clusterSquares, _clusterProducts, _clusterCounts];
}
