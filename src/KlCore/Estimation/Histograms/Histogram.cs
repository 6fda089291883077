using System.ComponentModel.DataAnnotations;
using KlCore.Estimation.Counts;
using KlCore.Estimation.Counts.Corrections;

namespace KlCore.Estimation.Histograms;

/// <summary>
/// KL of the shares of x and y in the cells of a common histogram. Its bins lie where both samples together are. It is infinite where a cell holds
/// points of x and none of y, unless the bias correction or a pseudocount reckons with that. Meant for one dimension; up to three are taken.
/// </summary>
public sealed record Histogram : Estimator
{
    /// <summary>The most dimensions.</summary>
    internal const int MostDimensions = 3;

    /// <summary>How many bins each coordinate has: a number, or a rule.</summary>
    public BinRule Bins { get; init; } = BinRule.Auto;

    /// <summary>What is done about the bias of few points.</summary>
    public HistogramCorrection BiasCorrection { get; init; } = HistogramCorrection.None;

    /// <summary>What is added to each cell on both sides; only without a bias correction.</summary>
    [Range(0.0, 1e15)]
    public double Pseudocount { get; init; }

    /// <summary>From where to where the bins reach, in every coordinate; where the points are, if not given. Points outside count in the outermost bins.</summary>
    public double[]? Range { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        Bins.Check(problems.At("bins"));
        CheckRange(Range, problems.At("range"));
        if (Pseudocount > 0 && BiasCorrection != HistogramCorrection.None) problems.Add("pseudocount", "must not be given together with a biasCorrection");
    }

    /// <inheritdoc/>
    public override EstimatorDescription Describe() => new(
        "KL(p || q)", "sum p ln(p/q) over cells of a common histogram, p and q the shares of x and y",
        "Too small, because differences within a cell are not seen, and too large by about (K - 1)/2 (1/n + 1/m) for K occupied cells, which the corrections take away. Infinite where a cell is empty in y.",
        "Z. Zhang, M. Grabchak, Neural Computation 26 (2014) on the corrections; D. Freedman, P. Diaconis, Probability Theory and Related Fields 57 (1981) on bins")
    {
        FollowsUnit = true,
        WarnsOfNegative = true,
    };

    internal override void CheckSamples(PooledSample sample, Problems problems) => CheckDimension("x", sample.Dimension, problems);

    internal override PooledStatistic Prepare(PooledSample sample, CancellationToken cancellation) =>
        new Statistic(this, HistogramCells.Of(sample.Coordinates, sample.Dimension, Bins, Range is [var low, var high] ? (low, high) : null), sample);

    internal override double Work(int x, int y, int dimension) => 40.0 * (x + y) * dimension;

    internal override double RepeatedWork(int x, int y, int dimension) => 10.0 * (x + y);

    internal override IEnumerable<string> Warnings(PooledSample sample) => DimensionWarnings(sample.Dimension);

    /// <summary>Adds a problem for points of more coordinates than a histogram takes.</summary>
    internal static void CheckDimension(string member, int dimension, Problems problems)
    {
        if (dimension > MostDimensions) problems.Add(member, $"must have points of at most {MostDimensions} coordinates for a histogram, had {dimension}");
    }

    /// <summary>What is to be said of a histogram in several dimensions.</summary>
    internal static IEnumerable<string> DimensionWarnings(int dimension)
    {
        if (dimension > 1) yield return $"A histogram of {dimension} dimensions has few points in each cell: the nearest-neighbour estimate is better here.";
    }

    /// <summary>Adds a problem for what is no range.</summary>
    internal static void CheckRange(double[]? range, Problems problems)
    {
        if (range is not null && !(range is [var low, var high] && double.IsFinite(low) && double.IsFinite(high) && low < high))
            problems.Add("must be two finite numbers, the lower first");
    }

    private CountCorrection Chosen() => BiasCorrection switch
    {
        HistogramCorrection.MillerMadow => new MillerMadowCorrection(),
        HistogramCorrection.Zhang => new ZhangCorrection(),
        HistogramCorrection.JamesStein => new JamesSteinCorrection(),
        _ => Pseudocount > 0 ? new DirichletCorrection { A = Pseudocount } : new NoCorrection(),
    };

    private sealed class Statistic(Histogram histogram, HistogramCells cells, PooledSample sample) : PooledStatistic
    {
        private readonly CountCorrection _correction = histogram.Chosen();

        public override bool IsShared => true;

        public override double Of(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation) => _correction.Divergence(Pair(x, y))!.Value;

        public override double? StandardError(CancellationToken cancellation) => All() is var pair && double.IsInfinity(_correction.Divergence(pair)!.Value) ? null : DivergenceError.Delta(pair);

        public override IReadOnlyDictionary<string, double> Details()
        {
            var details = cells.Details();
            var pair = All();
            details["emptyInY"] = Enumerable.Range(0, pair.Count).Count(i => pair.At(i) is { N: > 0, M: 0 });
            details["leadingBias"] = (pair.P.Observed - 1) / 2 * (1 / pair.P.Total + 1 / pair.TotalOfQ);
            return details;
        }

        public override IEnumerable<string> Warnings()
        {
            var pair = All();
            var empty = Enumerable.Range(0, pair.Count).Where(i => pair.At(i) is { N: > 0, M: 0 }).ToList();
            if (empty.Count > 0 && _correction is NoCorrection or MillerMadowCorrection)
                yield return $"{empty.Count} cells with {empty.Sum(i => pair.At(i).N) / pair.P.Total:P1} of x hold no point of y, which makes the KL infinite: fewer bins, a pseudocount or the biasCorrection zhang give a finite one.";
            if (Math.Min(sample.CountX, sample.CountY) < 5 * cells.Occupied)
                yield return $"There are fewer than five points in a cell ({cells.Occupied} cells hold points): without a correction the estimate is too large by about {(pair.P.Observed - 1) / 2 * (1 / pair.P.Total + 1 / pair.TotalOfQ):G2} nats.";
            if (cells.Outside > 0) yield return $"{cells.Outside} coordinates lie outside the range and count in the outermost bins.";
        }

        private CountPair All()
        {
            int[] places = [.. Enumerable.Range(0, sample.Count)];
            return Pair(places.AsSpan(0, sample.CountX), places.AsSpan(sample.CountX));
        }

        private CountPair Pair(ReadOnlySpan<int> x, ReadOnlySpan<int> y) => CountPair.Of(CountTable.Of(cells.Count(x), cells.All), CountTable.Of(cells.Count(y), cells.All));
    }
}

/// <summary>What is done about the bias of a divergence of histograms.</summary>
public enum HistogramCorrection
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The terms of the order 1/n and 1/m are taken away.</summary>
    MillerMadow,

    /// <summary>Zhang and Grabchak's series, finite where a cell is empty in y.</summary>
    Zhang,

    /// <summary>Shares shrunk towards those of equal cells, as Hausser and Strimmer do.</summary>
    JamesStein,
}
