namespace KlCore.Logits.Reports;

/// <summary>
/// How many values fell into each of the intervals (g^(i-1), g^i], for both signs, with g chosen so that the middle of an interval is
/// within <see cref="RelativeError"/> of everything in it. Sketches of parts of the data add up to the sketch of the whole.
/// Source: C. Masson, J. Rim, H. Lee, "DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees", PVLDB 12 (2019).
/// </summary>
internal sealed class QuantileSketch
{
    /// <summary>How far a percentile read from a sketch can be from the true one, relative to it.</summary>
    public const double RelativeError = 0.005;

    /// <summary>No interval has a number of this magnitude: the doubles end long before.</summary>
    public const int MaximumIndex = 1 << 17;

    private static readonly double LogBase = Math.Log((1 + RelativeError) / (1 - RelativeError));

    private readonly Dictionary<int, long> _positive = [];
    private readonly Dictionary<int, long> _negative = [];

    /// <summary>How many values were 0.</summary>
    public long Zeros { get; private set; }

    /// <summary>How many values were +Infinity.</summary>
    public long Infinite { get; private set; }

    /// <summary>How many values there were.</summary>
    public long Count { get; private set; }

    /// <summary>Counts a value, not NaN, not -Infinity.</summary>
    public void Add(double value)
    {
        Count++;
        if (value == 0) Zeros++;
        else if (double.IsPositiveInfinity(value)) Infinite++;
        else Increase(value > 0 ? _positive : _negative, Index(Math.Abs(value)), 1);
    }

    /// <summary>Counts everything that another sketch counted.</summary>
    public void Add(QuantileSketch other)
    {
        Count += other.Count;
        Zeros += other.Zeros;
        Infinite += other.Infinite;
        foreach (var (index, count) in other._positive) Increase(_positive, index, count);
        foreach (var (index, count) in other._negative) Increase(_negative, index, count);
    }

    /// <summary>The values in order, each to within <see cref="RelativeError"/> and never outside of the two ends.</summary>
    public OrderedValues InOrder(double minimum, double maximum)
    {
        var steps = Steps().ToArray();
        return new OrderedValues(Count, place => Math.Clamp(At(steps, place), minimum, maximum), RelativeError);
    }

    /// <summary>Every interval that is not empty: what it stands for, and how many values it and those below it hold; in order.</summary>
    private IEnumerable<(double Value, long Cumulative)> Steps()
    {
        long total = 0;
        foreach (var (index, count) in _negative.OrderByDescending(entry => entry.Key)) yield return (-Middle(index), total += count);
        if (Zeros > 0) yield return (0, total += Zeros);
        foreach (var (index, count) in _positive.OrderBy(entry => entry.Key)) yield return (Middle(index), total += count);
        if (Infinite > 0) yield return (double.PositiveInfinity, total + Infinite);
    }

    /// <summary>The positive values in intervals, in order: their ends and how many there are.</summary>
    public IEnumerable<(double Low, double High, long Count)> Intervals() =>
        _positive.OrderBy(entry => entry.Key).Select(entry => (Math.Exp((entry.Key - 1) * LogBase), Math.Exp(entry.Key * LogBase), entry.Value));

    /// <summary>How the sketch is written down.</summary>
    public SketchSummary Summarise() => new(Zeros, Infinite, Pairs(_positive), Pairs(_negative));

    /// <summary>The sketch that was written down.</summary>
    public static QuantileSketch From(SketchSummary summary)
    {
        var sketch = new QuantileSketch { Zeros = summary.Zeros, Infinite = summary.Infinite, Count = summary.Zeros + summary.Infinite };
        foreach (var (side, pairs) in new[] { (sketch._positive, summary.Positive), (sketch._negative, summary.Negative) })
            foreach (var pair in pairs)
            {
                Increase(side, (int)pair[0], pair[1]);
                sketch.Count += pair[1];
            }

        return sketch;
    }

    private static int Index(double magnitude) => (int)Math.Ceiling(Math.Log(magnitude) / LogBase);

    private static double Middle(int index) => Math.Min(double.MaxValue, Math.Exp(index * LogBase) * (1 - RelativeError));

    private static double At((double Value, long Cumulative)[] steps, long place)
    {
        var (low, high) = (0, steps.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (steps[middle].Cumulative > place) high = middle;
            else low = middle + 1;
        }

        return steps[low].Value;
    }

    private static void Increase(Dictionary<int, long> counts, int index, long by) => counts[index] = counts.GetValueOrDefault(index) + by;

    private static long[][] Pairs(Dictionary<int, long> counts) => [.. counts.OrderBy(entry => entry.Key).Select(entry => new[] { entry.Key, entry.Value })];
}
