using KlCore.Estimation.Counts;
using KlCore.Estimation.Histograms;

namespace KlCore.Estimation.Dependence;

/// <summary>H(x) + H(y) - H(x, y) of the shares of histogram cells; those of (x, y) are the pairs of cells of x and of y.</summary>
public sealed record HistogramInformation : MutualInformationEstimator
{
    /// <summary>How many bins each coordinate has: a number, or a rule.</summary>
    public BinRule Bins { get; init; } = BinRule.Auto;

    /// <summary>What is done about the bias of few points, in each of the three entropies.</summary>
    public NamedCorrection BiasCorrection { get; init; } = NamedCorrection.None;

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        Bins.Check(problems.At("bins"));
    }

    /// <inheritdoc/>
    public override EstimatorDescription Describe() => new(
        "I(x; y)", "H(x) + H(y) - H(x, y) of the shares of histogram cells",
        "Too large by about (S_xy - S_x - S_y + 1)/(2n) for so many occupied cells, which the corrections reckon with, and too small by what happens within cells.",
        "R. Steuer and others, Bioinformatics 18 (2002)")
    {
        FollowsUnit = true,
        WarnsOfNegative = BiasCorrection != NamedCorrection.None,
        IsNeverNegative = BiasCorrection == NamedCorrection.None,
    };

    internal override void CheckSamples(PairedSample sample, Problems problems)
    {
        Histogram.CheckDimension("x", sample.X.Dimension, problems);
        Histogram.CheckDimension("y", sample.Y.Dimension, problems);
    }

    internal override PooledStatistic Prepare(PairedSample sample, CancellationToken cancellation) =>
        new Statistic(HistogramCells.Of([.. sample.X.Coordinates], sample.X.Dimension, Bins, null), HistogramCells.Of([.. sample.Y.Coordinates], sample.Y.Dimension, Bins, null), BiasCorrection.Correction());

    internal override double Work(int x, int y, int dimension) => 100.0 * x * dimension + 3 * BiasCorrection.Correction().WorkPerSize * Math.Sqrt(x);

    internal override IEnumerable<string> Warnings(PairedSample sample)
    {
        if (sample.X.Dimension + sample.Y.Dimension > 2) yield return "A histogram of more than two dimensions has few points in each cell: the nearest-neighbour estimate is better here.";
    }

    private sealed class Statistic(HistogramCells x, HistogramCells y, CountCorrection correction) : PooledStatistic
    {
        public override bool IsShared => true;

        public override double Of(ReadOnlySpan<int> ofX, ReadOnlySpan<int> ofY, CancellationToken cancellation)
        {
            var joint = new Dictionary<long, int>();
            var counts = new List<double>();
            for (var i = 0; i < ofX.Length; i++)
            {
                var cell = (long)x.Cells[ofX[i]] * y.Occupied + y.Cells[ofY[i]];
                if (joint.TryGetValue(cell, out var place)) counts[place]++;
                else
                {
                    joint.Add(cell, counts.Count);
                    counts.Add(1);
                }
            }

            var information = Entropy(x.Count(ofX), x.All) + Entropy(y.Count(ofY), y.All) - Entropy([.. counts], x.All * y.All);
            // Of independent cells only rounding is left of the plug-in, which may be negative.
            return correction is Counts.Corrections.NoCorrection ? Math.Max(0, information) : information;

            double Entropy(double[] of, double all) => correction.Entropy(CountTable.Of(of, all), cancellation);
        }

        public override IReadOnlyDictionary<string, double> Details() => new Dictionary<string, double> { ["cellsOfX"] = x.All, ["cellsOfY"] = y.All, ["occupiedOfX"] = x.Occupied, ["occupiedOfY"] = y.Occupied };
    }
}
