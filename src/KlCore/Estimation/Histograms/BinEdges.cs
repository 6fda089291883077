namespace KlCore.Estimation.Histograms;

/// <summary>Where the bins of one coordinate lie: between ascending edges, each closed below and open above, the last closed.</summary>
public sealed class BinEdges
{
    private readonly double[] _edges;
    private readonly bool _isEven;

    private BinEdges(double[] edges, bool isEven) => (_edges, _isEven) = (edges, isEven);

    /// <summary>How many bins there are.</summary>
    public int Count => _edges.Length - 1;

    /// <summary>The edges, one more than there are bins.</summary>
    public IReadOnlyList<double> Edges => _edges;

    /// <summary>Bins of these edges, ascending.</summary>
    public static BinEdges From(double[] edges) => new(edges, false);

    /// <summary>The bins of the rule for such numbers.</summary>
    /// <param name="sorted">The numbers, ascending.</param>
    /// <param name="rule">How many.</param>
    /// <param name="range">From where to where; null for where the numbers are. Those outside count as at its ends.</param>
    /// <param name="dimension">How many coordinates a point has.</param>
    public static BinEdges Of(double[] sorted, BinRule rule, (double Low, double High)? range, int dimension)
    {
        var (low, high) = range ?? (sorted[0], sorted[^1]);
        if (!(high > low)) return new([low - Margin(low), low + Margin(low)], true);
        var count = rule.For(range is null ? sorted : [.. sorted.Select(value => Math.Clamp(value, low, high))], dimension);
        return rule.IsEqualProbability ? new(Quantiles(sorted, count, low, high), false) : new(Even(low, high, count), true);
    }

    /// <summary>NumPy's quantile, linear between the two nearest.</summary>
    public static double Quantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var index = Math.Min((int)place, sorted.Length - 2);
        if (index < 0) return sorted[0];
        var rest = place - index;
        return (1 - rest) * sorted[index] + rest * sorted[index + 1];
    }

    /// <summary>The bin of a number; what lies outside is in the outermost.</summary>
    public int Find(double value)
    {
        if (value >= _edges[^1]) return Count - 1;
        if (value <= _edges[0]) return 0;
        if (!_isEven)
        {
            var place = Array.BinarySearch(_edges, value);
            return place >= 0 ? Math.Min(place, Count - 1) : ~place - 1;
        }

        var scale = Count / (_edges[^1] / 2 - _edges[0] / 2);
        var guess = Math.Clamp((int)((value / 2 - _edges[0] / 2) * scale), 0, Count - 1);
        // The division may be off by one beside an edge.
        if (value < _edges[guess]) guess--;
        else if (value >= _edges[guess + 1] && guess < Count - 1) guess++;
        return guess;
    }

    private static double[] Even(double low, double high, int count)
    {
        var edges = new double[count + 1];
        for (var i = 0; i < count; i++) edges[i] = low + (high / count - low / count) * i;
        edges[count] = high;
        // More bins than there are doubles between the ends.
        return edges.Distinct().Count() == edges.Length ? edges : [.. edges.Distinct()];
    }

    private static double[] Quantiles(double[] sorted, int count, double low, double high)
    {
        var edges = new List<double> { low };
        for (var i = 1; i < count; i++)
            if (Quantile(sorted, (double)i / count) is var edge && edge > edges[^1] && edge < high) edges.Add(edge);
        edges.Add(high);
        return [.. edges];
    }

    private static double Margin(double value) => Math.Max(0.5, Math.Abs(value) * 1e-12);
}
