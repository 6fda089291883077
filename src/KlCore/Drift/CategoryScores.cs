using KlCore.Divergences;
using KlCore.Estimation.Counts;
using KlCore.Numerics;

namespace KlCore.Drift;

/// <summary>Measures between two lists of counts over the same categories or bins, and the tests of whether they differ.</summary>
internal sealed class CategoryScores
{
    private const int Exchanges = 999;
    private const double MostExchanged = 5e6;

    private readonly double[] _reference, _current;
    private readonly CountTests _tests;

    public CategoryScores(double[] reference, double[] current)
    {
        (_reference, _current) = (reference, current);
        _tests = CountTests.Of(CountPair.Of(CountTable.Of(reference, reference.Length), CountTable.Of(current, current.Length)));
    }

    /// <summary>Whether cells expect so little that the chi-squared distribution is a rough one.</summary>
    public bool IsThin => _tests.CellsBelowFive > 0.2 * _tests.Cells || _tests.SmallestExpected < 1;

    /// <summary>The least that is expected in a cell, and how many expect fewer than five.</summary>
    public double ThinCells => _tests.CellsBelowFive;

    /// <summary>The score of a method.</summary>
    public double Score(DriftMethod method, double pseudocount)
    {
        if (method == DriftMethod.GTest) return _tests.Tests[0].Statistic;
        if (method == DriftMethod.ChiSquared) return _tests.Tests[1].Statistic;
        Divergence measure = method switch
        {
            DriftMethod.JensenShannon => new JensenShannon(),
            DriftMethod.KullbackLeibler => new KullbackLeibler(),
            DriftMethod.PopulationStability => new PopulationStability(),
            DriftMethod.Hellinger => new Hellinger(),
            _ => new TotalVariation(),
        };
        var how = new Interpretation { Input = InputKind.Weights, Smoothing = pseudocount > 0 ? new Additive { Alpha = pseudocount } : new NoSmoothing() };
        return measure.Between(Pair.From(_reference, _current, how)).Value;
    }

    /// <summary>The p-value of Pearson's test or of the G-test; where cells are thin and the counts few, by exchanging cells at random.</summary>
    public (string Test, double PValue) PValue(DriftMethod method, CancellationToken cancellation)
    {
        var test = method == DriftMethod.ChiSquared ? _tests.Tests[1] : _tests.Tests[0];
        var total = _reference.Sum() + _current.Sum();
        if (!IsThin || total * Exchanges > MostExchanged || total == 0) return (test.Name, test.PValue);
        return ($"{test.Name}, {Exchanges} random exchanges", ByExchange(method == DriftMethod.ChiSquared ? 1 : 0, test.Statistic, cancellation));
    }

    /// <summary>The part of random ways to share the cells between the sides that give as large a statistic.</summary>
    private double ByExchange(int which, double statistic, CancellationToken cancellation)
    {
        var places = new List<int>();
        for (var i = 0; i < _reference.Length; i++) places.AddRange(Enumerable.Repeat(i, (int)(_reference[i] + _current[i])));
        var (order, first, atLeast) = (places.ToArray(), (int)_reference.Sum(), 1);
        var random = new RandomStream(1, 0, "drift");
        for (var exchange = 0; exchange < Exchanges; exchange++)
        {
            cancellation.ThrowIfCancellationRequested();
            random.Shuffle<int>(order);
            var (x, y) = (new double[_reference.Length], new double[_reference.Length]);
            for (var i = 0; i < order.Length; i++) (i < first ? x : y)[order[i]]++;
            var drawn = CountTests.Of(CountPair.Of(CountTable.Of(x, x.Length), CountTable.Of(y, y.Length))).Tests[which].Statistic;
            if (drawn >= statistic * (1 - 1e-12)) atLeast++;
        }

        return atLeast / (Exchanges + 1.0);
    }
}
