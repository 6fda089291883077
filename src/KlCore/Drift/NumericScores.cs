using KlCore.Estimation.Distances;
using KlCore.Numerics;

namespace KlCore.Drift;

/// <summary>Distances between the distributions of two numeric columns, from what is kept of each.</summary>
internal sealed class NumericScores
{
    private readonly RankCounts _counts;
    private readonly double _unit;

    public NumericScores(ColumnProfile reference, ColumnProfile current)
    {
        var (values, x, y) = (new List<double>(), new List<int>(), new List<int>());
        for (int i = 0, j = 0; i < reference.Values!.Length || j < current.Values!.Length;)
        {
            var value = Math.Min(i < reference.Values.Length ? reference.Values[i] : double.PositiveInfinity, j < current.Values!.Length ? current.Values[j] : double.PositiveInfinity);
            values.Add(value);
            x.Add(i < reference.Values.Length && reference.Values[i] == value ? (int)reference.Counts[i++] : 0);
            y.Add(j < current.Values.Length && current.Values[j] == value ? (int)current.Counts[j++] : 0);
        }

        _counts = new([.. values], [.. x], [.. y], x.Sum(), y.Sum(), 1);
        // A constant reference has no spread of its own: the pooled range is then the unit, and any change is a whole one.
        _unit = reference.StandardDeviation > 0 ? reference.StandardDeviation : Math.Min(double.MaxValue, values[^1] - values[0]);
    }

    /// <summary>max |F - G|.</summary>
    public double KolmogorovSmirnov => Largest / ((double)_counts.CountX * _counts.CountY);

    private long Largest
    {
        get
        {
            long difference = 0, largest = 0;
            for (var k = 0; k < _counts.Values.Length; k++)
            {
                difference += _counts.Step(k);
                largest = Math.Max(largest, Math.Abs(difference));
            }

            return largest;
        }
    }

    /// <summary>int |F - G| dx in standard deviations of the reference.</summary>
    public double Wasserstein => Integrate(Math.Abs);

    /// <summary>sqrt(2 int (F - G)^2 dx), x in standard deviations of the reference.</summary>
    public double Energy => Math.Sqrt(2 * Integrate(share => share * share));

    /// <summary>The p-value of Kolmogorov and Smirnov: exact as long as that takes no longer than a tenth of a second.</summary>
    public double PValue(CancellationToken cancellation) =>
        SmirnovTest.Exact(_counts, Largest, cancellation) ?? Math.Clamp(SmirnovTest.Asymptotic(KolmogorovSmirnov, _counts.CountX, _counts.CountY), 0, 1);

    /// <summary>Counts of both in bins that hold as much of the reference each; the outer ones are open.</summary>
    public (double[] Reference, double[] Current, double[] Edges) Bin(int bins)
    {
        var edges = new List<double>();
        double below = 0;
        for (var k = 0; k < _counts.Values.Length - 1; k++)
        {
            below += _counts.X[k];
            if (below / _counts.CountX * bins < edges.Count + 1) continue;
            edges.Add(_counts.Values[k] / 2 + _counts.Values[k + 1] / 2);
            // A value that holds more than a bin's share takes the edges of all of them.
            while (below / _counts.CountX * bins >= edges.Count + 1 && edges.Count < bins - 1) edges.Add(edges[^1]);
            if (edges.Count >= bins - 1) break;
        }

        double[] distinct = [.. edges.Distinct()];
        var (x, y) = (new double[distinct.Length + 1], new double[distinct.Length + 1]);
        for (int k = 0, bin = 0; k < _counts.Values.Length; k++)
        {
            while (bin < distinct.Length && _counts.Values[k] > distinct[bin]) bin++;
            x[bin] += _counts.X[k];
            y[bin] += _counts.Y[k];
        }

        return (x, y, distinct);
    }

    private double Integrate(Func<double, double> of)
    {
        var all = (double)_counts.CountX * _counts.CountY;
        var sum = new CompensatedSum();
        long difference = 0;
        for (var k = 0; k + 1 < _counts.Values.Length; k++)
        {
            difference += _counts.Step(k);
            // Halved, so that neither the gap nor a value in so small a unit overflows before the other.
            if (difference != 0) sum.Add(of(difference / all) * (2 * ((_counts.Values[k + 1] / 2 - _counts.Values[k] / 2) / _unit)));
        }

        return sum.Value;
    }
}
