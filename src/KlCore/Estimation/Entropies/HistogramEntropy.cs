using KlCore.Estimation.Counts;
using KlCore.Estimation.Histograms;
using KlCore.Numerics;

namespace KlCore.Estimation.Entropies;

/// <summary>The entropy of the shares of histogram cells, and the mean logarithm of the cells' volumes: -sum p ln p + sum p ln v.</summary>
public sealed record HistogramEntropy : EntropyEstimator
{
    /// <summary>How many bins each coordinate has: a number, or a rule.</summary>
    public BinRule Bins { get; init; } = BinRule.Auto;

    /// <summary>What is done about the bias of few points.</summary>
    public NamedCorrection BiasCorrection { get; init; } = NamedCorrection.None;

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        Bins.Check(problems.At("bins"));
    }

    /// <inheritdoc/>
    public override EstimatorDescription Describe() => new(
        "h(p)", "H of the shares of cells + sum p ln(volume of the cell)",
        "The differential entropy; too large, because a cell is taken as flat, and too small by about (S - 1)/(2n) for S occupied cells, which the corrections reckon with. For one to three dimensions.",
        "P. Hall, S. Morton, Annals of the Institute of Statistical Mathematics 45 (1993)")
    {
        FollowsUnit = true,
        HasPermutationTest = false,
    };

    internal override void CheckSamples(PooledSample sample, Problems problems) => Histogram.CheckDimension("x", sample.Dimension, problems);

    internal override PooledStatistic Prepare(PooledSample sample, CancellationToken cancellation) => new Statistic(HistogramCells.Of(sample.Coordinates, sample.Dimension, Bins, null), BiasCorrection.Correction(), sample);

    internal override double Work(int x, int y, int dimension) => 60.0 * x * dimension + BiasCorrection.Correction().WorkPerSize * Math.Sqrt(x);

    internal override IEnumerable<string> Warnings(PooledSample sample) => Histogram.DimensionWarnings(sample.Dimension);

    private sealed class Statistic : PooledStatistic
    {
        private readonly HistogramCells _cells;
        private readonly CountCorrection _correction;
        private readonly double[] _logVolumes;

        public Statistic(HistogramCells cells, CountCorrection correction, PooledSample sample)
        {
            (_cells, _correction, _logVolumes) = (cells, correction, new double[cells.Occupied]);
            for (var i = 0; i < sample.Count; i++) _logVolumes[cells.Cells[i]] = cells.LogVolume(sample[i]);
        }

        public override bool IsShared => true;

        public override double Of(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation)
        {
            var counts = _cells.Count(x);
            var sum = new CompensatedSum();
            for (var i = 0; i < counts.Length; i++) sum.Add(counts[i] / x.Length * _logVolumes[i]);
            return _correction.Entropy(CountTable.Of(counts, _cells.All), cancellation) + sum.Value;
        }

        /// <summary>sqrt(sum p (ln(v/p) - h)^2 / n).</summary>
        public override double? StandardError(CancellationToken cancellation)
        {
            int[] all = [.. Enumerable.Range(0, _cells.Cells.Length)];
            var counts = _cells.Count(all);
            double Surprise(int i) => _logVolumes[i] - Math.Log(counts[i] / all.Length);
            var (mean, square) = (new CompensatedSum(), new CompensatedSum());
            for (var i = 0; i < counts.Length; i++) mean.Add(counts[i] / all.Length * Surprise(i));
            for (var i = 0; i < counts.Length; i++) square.Add(counts[i] / all.Length * (Surprise(i) - mean.Value) * (Surprise(i) - mean.Value));
            return Math.Sqrt(square.Value / all.Length);
        }

        public override IReadOnlyDictionary<string, double> Details() => _cells.Details();
    }
}
