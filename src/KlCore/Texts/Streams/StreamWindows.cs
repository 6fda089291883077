using KlCore.Estimation.Counts;
using KlCore.Numerics;

namespace KlCore.Texts.Streams;

/// <summary>The windows of a stream, counted one after the other.</summary>
internal sealed class StreamWindows
{
    private const int MostWindows = 10_000;
    private const double MostWork = 1e8;

    private readonly StreamAnomalies _how;
    private readonly string[] _names;
    private readonly int[] _stream;
    private readonly double[] _baseline;
    private readonly int[] _cells;
    private readonly double[] _cellBaseline;
    private readonly double _smoothedTotal;

    private StreamWindows(StreamAnomalies how)
    {
        _how = how;
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in how.Baseline.Keys) numbers.Add(name, numbers.Count);
        _stream = [.. how.Stream.Select(Number)];
        _names = [.. numbers.Keys];
        _baseline = [.. _names.Select(name => how.Baseline.GetValueOrDefault(name))];
        _smoothedTotal = _baseline.Sum() + (how.Alpha * _baseline.Length);
        (_cells, _cellBaseline) = Merge();

        int Number(string name)
        {
            if (!numbers.TryGetValue(name, out var number)) numbers.Add(name, number = numbers.Count);
            return number;
        }
    }

    public static StreamReport Look(StreamAnomalies how, CancellationToken cancellation)
    {
        var step = how.Step ?? how.Window;
        var count = (how.Stream.Count - how.Window) / step + 1;
        if (count > MostWindows) throw new TooCostlyException($"At most {MostWindows} windows are looked at, there are {count}; take longer windows or steps.");
        var windows = new StreamWindows(how);
        if ((double)count * (how.Window + windows._names.Length) > MostWork) throw new TooCostlyException($"Windows times their length and categories may be at most {MostWork:G3}; take fewer windows or longer steps.");
        return windows.Report(count, step, cancellation);
    }

    private StreamReport Report(int count, int step, CancellationToken cancellation)
    {
        var (divergences, tests) = (new double[count], new CountTest[count]);
        for (var i = 0; i < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var counts = Count(i * step);
            divergences[i] = Enumerable.Range(0, counts.Length).Sum(category => Term(counts, category, Elementary.Bregman));
            tests[i] = Test(counts);
        }

        var adjusted = Holm.Adjust([.. tests.Select(test => (double?)test.PValue)]);
        var windows = tests.Select((test, i) => new StreamWindow(
            i * step, _how.Unit.FromNats(divergences[i]), test.Statistic, test.PValue, adjusted[i]!.Value, adjusted[i] < _how.Level,
            adjusted[i] < _how.Level ? Contributors(Count(i * step)) : null)).ToList();
        return new StreamReport
        {
            Unit = _how.Unit,
            Categories = _names.Length,
            TestedCategories = _cellBaseline.Length,
            Anomalies = windows.Count(window => window.IsAnomaly),
            Windows = windows,
            Warnings = [.. Warnings(step)],
        };
    }

    private IEnumerable<string> Warnings(int step)
    {
        if (_cellBaseline.Length < 2) yield return "all categories are too rare to be tested in such windows: take longer windows, or a smaller minimumExpected";
        if (step < _how.Window) yield return "windows overlap, so that one burst makes several anomalies";
    }

    /// <summary>Which cell of the test each category is in; the rare ones of the baseline share the last.</summary>
    private (int[] Cells, double[] Baseline) Merge()
    {
        var total = _baseline.Sum();
        var cells = new int[_baseline.Length];
        var counts = new List<double>();
        var rare = 0.0;
        for (var i = 0; i < cells.Length; i++)
        {
            var isFrequent = _baseline[i] / total * _how.Window >= _how.MinimumExpected && _baseline[i] > 0;
            cells[i] = isFrequent ? counts.Count : -1;
            if (isFrequent) counts.Add(_baseline[i]);
            else rare += _baseline[i];
        }

        if (Array.Exists(cells, cell => cell < 0)) counts.Add(rare);
        for (var i = 0; i < cells.Length; i++)
            if (cells[i] < 0) cells[i] = counts.Count - 1;
        return (cells, [.. counts]);
    }

    private int[] Count(int start)
    {
        var counts = new int[_names.Length];
        foreach (var category in _stream.AsSpan(start, _how.Window)) counts[category]++;
        return counts;
    }

    private CountTest Test(int[] counts)
    {
        var cells = new double[_cellBaseline.Length];
        for (var i = 0; i < counts.Length; i++) cells[_cells[i]] += counts[i];
        return CountTests.Of(CountPair.Of(CountTable.Of(cells, cells.Length), CountTable.Of(_cellBaseline, cells.Length))).Tests[0];
    }

    private double Model(int category) => (_baseline[category] + _how.Alpha) / _smoothedTotal;

    private double Term(int[] counts, int category, Func<double, double, double, double> term)
    {
        var (p, q) = ((double)counts[category] / _how.Window, Model(category));
        return term(p, q - p, q);
    }

    private List<StreamContribution> Contributors(int[] counts) =>
    [
        .. Enumerable.Range(0, counts.Length).Where(category => counts[category] > 0)
            .Select(category => new StreamContribution(_names[category], counts[category], Model(category) * _how.Window,
                _how.Unit.FromNats(Term(counts, category, (p, _, q) => p * Elementary.LogOfRatio(p, q)))))
            .OrderByDescending(entry => entry.Contribution).ThenBy(entry => entry.Category, StringComparer.Ordinal).Take(_how.Top),
    ];
}
